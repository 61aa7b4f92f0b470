import { spanOf, type TseqRange } from '../../sync/close/ranges.ts';
import { CloseReceipt, type Difference } from '../../sync/close/receipt.ts';
import { readCertificate } from '../../electron/core/close/certificate.ts';
import type { StoredClose } from '../../db/till/types.ts';
import type { CloseCertificate } from '../../sync/close/certificate.ts';
import { tillOpKey, type CentreTables, type KeptOp } from '../parts/memory-centre.ts';
import { opsIn } from './checks-till.ts';
import type { History } from './history.ts';
import { effectiveSeq, isDismissed, movementOf } from './ledger.ts';
import type { TillNode } from './till-node.ts';
import { Violation } from './world.ts';

function fail(what: string): never {
  throw new Violation(`close: ${what}`);
}

const isIn = (ranges: readonly TseqRange[], tseq: number): boolean =>
  ranges.some(({ fromTseq, toTseq }) => tseq >= fromTseq && tseq <= toTseq);

function* numbersOf(ranges: readonly TseqRange[]): Iterable<number> {
  for (const { fromTseq, toTseq } of ranges) for (let tseq = fromTseq; tseq <= toTseq; tseq += 1) yield tseq;
}

/** Hashes of the incarnation's ops as the till has them now; what it has no more is missing. */
const hashesOf = (node: TillNode, incarnation: number): Map<number, string> =>
  new Map(
    node.ownFiles
      .flatMap((file) => opsIn(file))
      .filter(({ op }) => op.incarnation === incarnation)
      .map(({ op, hash }) => [op.tseq, hash]),
  );

/** Counts, moves units, and no entry says so: what a till may be told of besides ops. */
function isUnbooked(kept: KeptOp, tables: CentreTables): boolean {
  const moved = kept.body === null ? null : movementOf(kept.body);
  if (effectiveSeq(kept) === null || isDismissed(tables, kept) || moved === null) return false;
  const booked = tables.entries.get(kept.op.opId);
  // A lot that was gone already; and an edit's own entry is the one that counters.
  if (kept.op.kind === 'points.expired' && booked === undefined) return false;
  const delta = kept.op.kind === 'purchase.edited' ? Number(kept.body?.['delta']) : moved.delta;
  return delta !== 0 && Math.abs(booked?.delta ?? 0) !== Math.abs(delta);
}

/** What really differs between a certificate and the centre's ledger, by the simulation's own look at both. */
function differencesOf(
  certificate: CloseCertificate,
  mine: ReadonlyMap<number, string>,
  tables: CentreTables,
): Set<string> {
  const { tillId, incarnation, businessDay, ranges, chainHead } = certificate;
  const found = new Set<string>();
  const keptAt = (tseq: number): KeptOp | undefined =>
    tables.ops.get(String(tables.tillOps.get(tillOpKey({ tillId, incarnation, tseq })) ?? ''));
  const isOther = (tseq: number, hash: string): boolean => (keptAt(tseq)?.hash ?? hash) !== hash;
  for (const tseq of numbersOf(ranges)) {
    const kept = keptAt(tseq);
    if (kept === undefined) found.add(`${tseq} missing`);
    else if (isOther(tseq, mine.get(tseq) ?? kept.hash)) found.add(`${tseq} other_content`);
    else if (isUnbooked(kept, tables)) found.add(`${tseq} not_booked`);
  }
  if (chainHead.tseq > 0 && isOther(chainHead.tseq, chainHead.hash))
    found.add(`${chainHead.tseq} other_content`);
  for (const { op, branch } of tables.ops.values()) {
    const isOfDay = op.tillId === tillId && op.incarnation === incarnation && op.businessDay === businessDay;
    if (isOfDay && branch === 0 && !isIn(ranges, op.tseq)) found.add(`${op.tseq} extra`);
  }
  return found;
}

const nameOf = ({ tseq, what }: Difference): string => `${tseq} ${what}`;

function checkReceipt(
  node: TillNode,
  { businessDay }: StoredClose,
  { certificate, real }: { certificate: CloseCertificate; real: ReadonlySet<string> },
): void {
  const where = `${node.name} ${businessDay} (${certificate.incarnation})`;
  const stored = node.files.till.closes.receiptOf(businessDay);
  if (stored === undefined) fail(`${where} was never answered`);
  const { verdict, differences } = CloseReceipt.parse(JSON.parse(stored.receipt));
  if (verdict === 'equal' && real.size > 0) fail(`${where} is said to be equal, but for ${[...real].join()}`);
  if (verdict === 'differs' && real.size === 0) {
    const span = spanOf(certificate.ranges);
    fail(`${where} ${span?.fromTseq}..${span?.toTseq} differs in nothing: ${differences.map(nameOf).join()}`);
  }
  const invented = differences.map(nameOf).filter((each) => !real.has(each));
  if (invented.length > 0) fail(`${where} does not differ in ${invented.join()}`);
}

/** Close, at the end: each closed day is proven equal, or what it differs in is real and named. */
export function checkCloses(node: TillNode, tables: CentreTables): void {
  for (const close of node.files.till.closes.list(1_000)) {
    const certificate = readCertificate(close.certificate);
    const mine = hashesOf(node, certificate.incarnation);
    checkReceipt(node, close, { certificate, real: differencesOf(certificate, mine, tables) });
  }
}

/** Close, at any moment: a day that somebody was shown as closed stays so, as it was. */
export function checkClosesKept(node: TillNode, history: History): void {
  const { closes } = node.files.till;
  for (const { till, day, signature } of history.closes)
    if (till === node.name && closes.find(day)?.signature !== signature)
      fail(`${till} was shown the end of ${day} and has it no more`);
}
