import type { Centre } from '../centre.ts';
import type { EraseList } from '../erase-list.ts';
import { toLogged } from '../log.ts';
import type { ExchangeRequest } from '../../sync/protocol/exchange.ts';
import { LIST_LACKED, LIST_NOT_WRITABLE, LIST_OUTRUN } from '../pages/status-page.ts';
import { CentreRefusal } from '../refusal.ts';
import { listAllErased } from '../repos/erasures.ts';

type Parts = Pick<Centre, 'database' | 'clock' | 'log'>;

/** A list that lacks as many of those whom it has to name was lost, or put back to an earlier day. */
const LACKED_SHARE = 0.9;

const DAMAGED =
  'lines of the list of erasures can not be read: a power cut tore them, and what they asked for was not done, or the ' +
  'file is damaged. The others count. Completed from the database; look into the backups of the list';
const UNKNOWN =
  'lines of the list of erasures are of a shape that this program does not know: a later version wrote them, and whom ' +
  'they name this one does not erase again. Start the later version';
const OTHERS =
  'the list of erasures is new, and lists of other databases lie beside it. If this database was moved or put back ' +
  'here, add its former list to this one and start again, or erased members come back';

/** At the start, and whenever there are more of them. */
function tellUnread({ health, file }: EraseList, log: Parts['log']): void {
  const { damagedLines, unknownLines, toldLines } = health;
  health.toldLines = damagedLines + unknownLines;
  if (health.toldLines <= toldLines) return;
  if (damagedLines > 0) log.warn({ file, lines: damagedLines }, DAMAGED);
  if (unknownLines > 0) log.error({ file, lines: unknownLines }, UNKNOWN);
}

async function tellUnwritable(list: EraseList, log: Parts['log']): Promise<void> {
  await list.tryOpen().catch((cause: unknown) => {
    log.error({ cause: toLogged(cause), file: list.file }, LIST_NOT_WRITABLE);
  });
}

const isLacking = (expected: number, lacking: number): boolean =>
  lacking > 0 && lacking >= expected * LACKED_SHARE;

async function complete({ database, clock, log }: Parts, list: EraseList, isStart: boolean): Promise<void> {
  const { health, file } = list;
  // At the start it is held against the database, later against what this process has read and written.
  const known = isStart ? [] : [...(await list.named())];
  const listed = await list.read();
  tellUnread(list, log);
  const erased = await listAllErased(database.sql);
  const expected = isStart ? erased : known;
  const lacking = expected.filter((memberId) => !listed.has(memberId)).length;
  if (isLacking(expected.length, lacking)) {
    health.hasLacked = true;
    log.error({ file, erased: expected.length, lacking }, LIST_LACKED);
  }
  const others = isStart && listed.size === 0 ? await list.listOthers() : [];
  if (others.length > 0) log.warn({ file, others }, OTHERS);
  const missing = [...new Set([...erased, ...known])].filter((memberId) => !listed.has(memberId));
  await list.add(missing.map((memberId) => ({ memberId, atMs: clock.nowMs() })));
  if (missing.length > 0)
    log.info({ file, members: missing.length }, 'erasures were added to the list of them');
}

/**
 * Looks after the list of erasures, at the start and each hour: tells in the log and by `health` when it can not be
 * written, when it was lost, when lines of it can not be read; adds whom another computer has erased over this
 * database.
 */
export async function keepEraseList(parts: Parts, at: 'start' | 'running'): Promise<void> {
  const { database, log } = parts;
  const list = database.eraseList;
  if (list === null) return;
  if (at === 'start') log.info({ file: list.file }, 'the list of erasures');
  await tellUnwritable(list, log);
  await complete(parts, list, at === 'start').catch((cause: unknown) => {
    log.error({ cause: toLogged(cause), file: list.file }, 'the list of erasures could not be completed');
  });
}

/** After these a till forgets what it has confirmed. */
const BEGINS_ANEW: ReadonlySet<string> = new Set(['epoch_changed', 'tseq_gap']);

/**
 * Of a till that counts by the numbers of before, since the database was put back. Erasures are numbered without holes,
 * and whoever is erased stands in the list: a receipt beyond both proves that this list is not the one of then, also
 * where the database remembers no erasure at all. Told in log, health and page; nobody is erased on a till's word.
 *
 * @param refused what its exchange ended with
 */
export async function hearConfirmed(
  { database, log }: Pick<Centre, 'database' | 'log'>,
  { tillId, purgedErasure: confirmed }: Pick<ExchangeRequest, 'tillId' | 'purgedErasure'>,
  refused: unknown,
): Promise<void> {
  const list = database.eraseList;
  if (list === null || confirmed === 0) return;
  if (!(refused instanceof CentreRefusal && BEGINS_ANEW.has(refused.code))) return;
  const { size } = new Set([...(await list.named()), ...(await listAllErased(database.sql))]);
  if (confirmed <= size) return;
  list.health.isOutrun = true;
  log.error({ file: list.file, tillId, confirmed, known: size }, LIST_OUTRUN);
}
