import type { Centre } from '../centre.ts';
import type { Sql } from '../database.ts';
import type { EraseList } from '../erase-list.ts';
import { toLogged } from '../log.ts';
import type { ExchangeRequest } from '../../sync/protocol/exchange.ts';
import { LIST_LACKED, LIST_NOT_WRITABLE, LIST_OUTRUN } from '../pages/status-page.ts';
import { CentreRefusal } from '../refusal.ts';
import { listAllErased } from '../repos/erasures.ts';
import { endOutruns, findConfirmed, findFirstOutrun, listOutruns, noteOutrun } from '../repos/outruns.ts';

type Parts = Pick<Centre, 'database' | 'clock' | 'log'>;

/** A list that lacks as many of those whom it has to name was lost, or put back to an earlier day. */
const LACKED_SHARE = 0.9;

const DAMAGED =
  'lines of the list of erasures can not be read: a power cut tore them, and what they asked for was not done, or the ' +
  'file is damaged. The others count. Completed from the database; look into the backups of the list';
const UNKNOWN =
  'lines of the list of erasures are of a shape that this program does not know: a later version wrote them, and whom ' +
  'they name this one does not erase again. Start the later version';
const NOT_HELD = 'what tills have confirmed could not be held against the list of erasures';
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

/** Of tills that have confirmed more than is known; a page and a line of the log take no more. */
export const OUTRUNS_TOLD = 5;

/**
 * Ends what tills said once the former list is there. Who was erased after they said it counts not: new ones would
 * stand for those who are missing.
 */
async function tellOutruns({ database, log }: Parts, list: EraseList): Promise<void> {
  const { sql } = database;
  const firstMs = await findFirstOutrun(sql);
  if (firstMs === null) return;
  const known = new Set([...(await list.namedBy(firstMs)), ...(await listAllErased(sql, firstMs))]).size;
  const ended = await endOutruns(sql, known);
  if (ended.length > 0) log.info({ file: list.file, known }, 'the former list of erasures is there again');
  const tills = await listOutruns(sql, OUTRUNS_TOLD);
  if (tills.length > 0) log.error({ file: list.file, tills, known }, LIST_OUTRUN);
}

/**
 * Looks after the list of erasures, at the start and each hour: tells in the log and by `health` when it can not be
 * written, when it was lost, when lines of it can not be read, when tills have confirmed more than it knows of; adds
 * whom another computer has erased over this database.
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
  await tellOutruns(parts, list).catch((cause: unknown) => {
    log.error({ cause: toLogged(cause), file: list.file }, NOT_HELD);
  });
}

/** After these a till forgets what it has confirmed. */
const BEGINS_ANEW: ReadonlySet<string> = new Set(['epoch_changed', 'tseq_gap']);

interface Union {
  /** It changes with these alone: neither of the two ever loses anybody while a centre runs. */
  of: string;
  size: Promise<number>;
}
const unions = new WeakMap<EraseList, Union>();

/** How many the list and the database name together. Built once for all tills that come at one time. */
async function countKnown(sql: Sql, list: EraseList, erasureNo: number): Promise<number> {
  const named = await list.named();
  const of = `${named.size} ${erasureNo}`;
  const last = unions.get(list);
  if (last?.of === of) return last.size;
  const size = listAllErased(sql).then((erased) => new Set([...named, ...erased]).size);
  unions.set(list, { of, size });
  size.catch(() => unions.delete(list));
  return size;
}

type Receipt = Pick<ExchangeRequest, 'tillId' | 'purgedErasure'>;

async function noteIfBeyond(
  { database: { sql }, clock, log }: Parts,
  list: EraseList,
  { tillId, purgedErasure: confirmed }: Receipt,
): Promise<void> {
  if (confirmed <= (await list.named()).size) return;
  const { erasureNo, noted } = await findConfirmed(sql, tillId);
  if (confirmed <= Math.max(erasureNo, noted)) return;
  const known = await countKnown(sql, list, erasureNo);
  if (confirmed <= known) return;
  await noteOutrun(sql, { tillId, confirmed, atMs: clock.nowMs() });
  log.error({ file: list.file, tillId, confirmed, known }, LIST_OUTRUN);
}

/**
 * Of a till that counts by the numbers of before, since the database was put back. Erasures are numbered without holes,
 * and whoever is erased stands in the list: a receipt beyond both proves that this list is not the one of then, also
 * where the database remembers no erasure at all. A till says so once, so it is kept in the database, and told in log,
 * health and page until the list is there; nobody is erased on a till's word. What fails here is told in the log alone:
 * the till needs its own refusal.
 *
 * @param refused what its exchange ended with
 */
export async function hearConfirmed(parts: Parts, receipt: Receipt, refused: unknown): Promise<void> {
  const list = parts.database.eraseList;
  if (list === null || receipt.purgedErasure === 0) return;
  if (!(refused instanceof CentreRefusal && BEGINS_ANEW.has(refused.code))) return;
  await noteIfBeyond(parts, list, receipt).catch((cause: unknown) => {
    parts.log.error({ cause: toLogged(cause), file: list.file, tillId: receipt.tillId }, NOT_HELD);
  });
}
