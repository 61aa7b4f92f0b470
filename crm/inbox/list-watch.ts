import type { Centre } from '../centre.ts';
import type { EraseList } from '../erase-list.ts';
import { toLogged } from '../log.ts';
import { LIST_LACKED, LIST_NOT_WRITABLE } from '../pages/status-page.ts';
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
