import { z } from 'zod';
import type { Crypto } from '../base/crypto.ts';
import type { TillId } from '../base/ids.ts';
import { headerHash, OpHeader, sealOp, type SealedOp, type WireOp } from '../model/op.ts';
import { BatchFault, Column, KeyList, packColumn, unpackColumn, unpackInts, type Budget } from './column.ts';

export { BatchFault } from './column.ts';

export const OPS_PER_BATCH_MAX = 500;
/** A batch is cut before its ops are longer than this as JSON, in bytes; one op alone always fits. */
export const BATCH_BYTES_MAX = 256 * 1024;
/** The centre refuses what unpacks to more characters of JSON. */
const UNPACKED_CHARS_MAX = 1024 * 1024;
const SHAPES_MAX = 64;

const UUID7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7([0-9a-f]{3})-([0-9a-f]{4})-([0-9a-f]{12})$/;
/** Hex digits of a UUIDv7 without its time and its version. */
const TAIL_HEX = 19;

/**
 * Bodies with the same keys. `isHeld`: `memberId` and `accountId` are left out, because the card says them.
 */
const Shape = z.strictObject({
  kind: z.string().min(1).max(40),
  keys: KeyList,
  columns: z.array(Column).max(64),
  isHeld: z.boolean(),
  /** Of erased bodies: what stands for each in the hash. Only kind and member are left of the bodies. */
  commitments: Column.optional(),
});

/**
 * Ops that follow one another, as columns. Not sent, because the request says it or it can be worked out:
 * till, incarnation, `tseq`, `prev`.
 */
export const PackedBatch = z.strictObject({
  count: z.int().min(1).max(OPS_PER_BATCH_MAX),
  /** Hash of the last op: what was unpacked must come to it. */
  head: z.string().regex(/^[0-9a-f]{32}$/),
  version: Column,
  /** Milliseconds behind `wallMs`, and the other 19 digits of each; or the ids as they are. */
  opId: z.union([z.strictObject({ ms: Column, tails: z.string().regex(/^[0-9a-f]*$/) }), Column]),
  /** Milliseconds of the hybrid clock: the first, then the step to each next. */
  hlcMs: Column,
  hlcCount: Column,
  /** Behind `hlcMs`, unless such a number would be rounded. */
  wallMs: z.union([z.strictObject({ behind: Column }), Column]),
  actorId: Column,
  storeId: Column,
  businessDay: Column,
  salt: Column,
  /** Place in `shapes` of each op. */
  shape: Column,
  shapes: z.array(Shape).max(SHAPES_MAX),
});
export type PackedBatch = z.infer<typeof PackedBatch>;

/** Whose card it is, as a confirmed row says. */
export interface Holder {
  memberId: string;
  accountId: string;
}
export type HolderOf = (cardId: string) => Holder | undefined;

type Body = WireOp['body'];
/** `commitment`: of an op whose body was erased. */
export type UnpackedOp = Readonly<
  { op: WireOp; hash: string; commitment?: string } & Partial<Pick<SealedOp, 'headerText' | 'bodyText'>>
>;

const idText = (body: Body, key: string): string | null => {
  const value = body[key];
  return typeof value === 'string' ? value : null;
};

/** Cards whose rows may say what the bodies of these ops do: `holderOf` is asked for no others. */
export const cardsNamed = (ops: readonly Pick<WireOp, 'body'>[]): string[] =>
  ops.flatMap(({ body }) => idText(body, 'cardId') ?? []);

/** True when the card's confirmed row says whose it is, just as the body does. */
function isSaidByCard(body: Body, holderOf: HolderOf): boolean {
  const cardId = idText(body, 'cardId');
  if (cardId === null || idText(body, 'memberId') === null || idText(body, 'accountId') === null)
    return false;
  const holder = holderOf(cardId);
  return holder?.memberId === body['memberId'] && holder?.accountId === body['accountId'];
}

interface OpenShape {
  kind: string;
  keys: string[];
  isHeld: boolean;
  bodies: Body[];
  commitments: string[];
}

interface Known {
  head: string;
  holderOf: HolderOf;
  erased?: ReadonlyMap<string, string>;
}

/** Sorts bodies by what they look like: `[place of each op, shapes in order of appearance]`. */
function sortByShape(ops: readonly WireOp[], { holderOf, erased }: Known): [number[], OpenShape[]] {
  const places = new Map<string, number>();
  const shapes: OpenShape[] = [];
  const order = ops.map(({ opId, kind, body }) => {
    const commitment = erased?.get(opId);
    const isHeld = isSaidByCard(body, holderOf);
    const left = new Set([
      ...(body.kind === kind ? ['kind'] : []),
      ...(isHeld ? ['memberId', 'accountId'] : []),
    ]);
    const keys = Object.keys(body)
      .filter((key) => !left.has(key) && body[key] !== undefined)
      .sort();
    const name = JSON.stringify([kind, keys, isHeld, commitment !== undefined]);
    const place = places.get(name) ?? shapes.length;
    if (place === shapes.length) {
      places.set(name, place);
      shapes.push({ kind, keys, isHeld, bodies: [], commitments: [] });
    }
    shapes[place]?.bodies.push(body);
    if (commitment !== undefined) shapes[place]?.commitments.push(commitment);
    return place;
  });
  return [order, shapes];
}

const hlcMsOf = ({ hlc }: WireOp): number => Number.parseInt(hlc.slice(0, 12), 16);
const steps = (values: readonly number[]): number[] =>
  values.map((value, at) => value - (at === 0 ? 0 : (values[at - 1] ?? 0)));

function packOpIds(ops: readonly WireOp[]): PackedBatch['opId'] {
  const parts = ops.map((op) => UUID7.exec(op.opId));
  const ms = parts.map((part, at) =>
    part === null ? NaN : Number.parseInt(`${part[1]}${part[2]}`, 16) - (ops[at]?.wallMs ?? NaN),
  );
  if (!ms.every((value) => Number.isSafeInteger(value))) return packColumn(ops.map((op) => op.opId));
  const tails = parts.map((part) => `${part?.[3]}${part?.[4]}${part?.[5]}`).join('');
  return { ms: packColumn(ms), tails };
}

function packWallMs(ops: readonly WireOp[]): PackedBatch['wallMs'] {
  const behind = ops.map((op) => op.wallMs - hlcMsOf(op));
  const isExact = behind.every((value) => Number.isSafeInteger(value));
  return isExact ? { behind: packColumn(behind) } : packColumn(ops.map((op) => op.wallMs));
}

/**
 * Packs ops that follow one another, 1 to 500 of them. Random bits apart (an op id has 74, a card id as
 * many), a stamp takes a handful of bytes once the request is compressed.
 *
 * @param known `head`: hash of the last op. `holderOf`: the confirmed card rows that the centre has too; give
 * none to leave nothing out. `erased`: commitments of ops whose bodies are gone, by op id.
 */
export function packBatch(ops: readonly WireOp[], known: Known): PackedBatch {
  const [order, shapes] = sortByShape(ops, known);
  const column = (read: (op: WireOp) => unknown): Column => packColumn(ops.map(read));
  return {
    count: ops.length,
    head: known.head,
    version: column((op) => op.version),
    opId: packOpIds(ops),
    hlcMs: packColumn(steps(ops.map(hlcMsOf))),
    hlcCount: column((op) => Number.parseInt(op.hlc.slice(12), 16)),
    wallMs: packWallMs(ops),
    actorId: column((op) => op.actorId),
    storeId: column((op) => op.storeId),
    businessDay: column((op) => op.businessDay),
    salt: column((op) => op.salt),
    shape: packColumn(order),
    shapes: shapes.map(({ kind, keys, isHeld, bodies, commitments }) => ({
      kind,
      keys,
      isHeld,
      columns: keys.map((key) => packColumn(bodies.map((body) => body[key]))),
      ...(commitments.length > 0 && { commitments: packColumn(commitments) }),
    })),
  };
}

/** Cards whose holder a batch leaves out: the centre reads their rows before it unpacks. */
export function cardsLeftOut(batch: PackedBatch): string[] {
  const budget: Budget = { left: UNPACKED_CHARS_MAX };
  const ids = new Set<string>();
  for (const { keys, columns, isHeld } of batch.shapes) {
    const column = columns[keys.indexOf('cardId')];
    if (!isHeld) continue;
    if (column === undefined) throw new BatchFault('a body leaves out whose card it is');
    const rows = rowsOf(column, batch.count);
    for (const id of unpackColumn(column, rows, budget)) if (typeof id === 'string') ids.add(id);
  }
  return [...ids];
}

/** Rows that a column has by itself; at most `rowsMax` for one that says the same for each. */
function rowsOf(column: Column, rowsMax: number): number {
  if (column[0] === 'uuid') return Math.min(Math.ceil(column[1].length / 32), rowsMax);
  if (column[0] === 'pick') return Math.min(column[2].length, rowsMax);
  return column[0] === 'each' ? column[1].length : 1;
}

function unpackOpIds(packed: PackedBatch['opId'], wallMs: readonly number[], budget: Budget): unknown[] {
  const rows = wallMs.length;
  if (Array.isArray(packed)) return unpackColumn(packed, rows, budget);
  if (packed.tails.length !== rows * TAIL_HEX) throw new BatchFault('ids have another length than the batch');
  return unpackInts(packed.ms, rows, budget).map((behind, row) => {
    const ms = (wallMs[row] ?? 0) + behind;
    if (!(ms >= 0 && ms < 2 ** 48)) throw new BatchFault('an id has a time beyond its bits');
    const hex = ms.toString(16).padStart(12, '0');
    const tail = packed.tails.slice(row * TAIL_HEX, (row + 1) * TAIL_HEX);
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7${tail.slice(0, 3)}-${tail.slice(3, 7)}-${tail.slice(7)}`;
  });
}

function unpackClocks(batch: PackedBatch, budget: Budget): { hlc: string[]; wallMs: number[] } {
  let last = 0;
  const ms = unpackInts(batch.hlcMs, batch.count, budget).map((step) => (last += step));
  const counts = unpackInts(batch.hlcCount, batch.count, budget);
  if (
    ms.some((value) => value < 0 || value >= 2 ** 48) ||
    counts.some((value) => value < 0 || value > 0xffff)
  )
    throw new BatchFault('a clock is beyond its bits');
  const hlc = ms.map(
    (value, row) => value.toString(16).padStart(12, '0') + (counts[row] ?? 0).toString(16).padStart(4, '0'),
  );
  const wallMs =
    'behind' in batch.wallMs
      ? unpackInts(batch.wallMs.behind, batch.count, budget).map((behind, row) => behind + (ms[row] ?? 0))
      : unpackInts(batch.wallMs, batch.count, budget);
  return { hlc, wallMs };
}

type BodyColumns = { cells: unknown[][]; commitments: unknown[] | null; taken: number };
interface OpenBody {
  kind: string;
  body: Body;
  commitment: string | null;
}

function readCommitment(value: unknown): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value;
  throw new BatchFault('a body that is gone has no commitment');
}

/** The bodies in the order of the ops. @throws BatchFault Also when a card's holder is not known. */
function unpackBodies(batch: PackedBatch, holderOf: HolderOf, budget: Budget): OpenBody[] {
  const order = unpackInts(batch.shape, batch.count, budget);
  const rows = batch.shapes.map((_, place) => order.filter((each) => each === place).length);
  const open = batch.shapes.map(({ columns, keys, commitments }, place): BodyColumns => {
    if (columns.length !== keys.length) throw new BatchFault('a body has other columns than keys');
    const unpack = (column: Column): unknown[] => unpackColumn(column, rows[place] ?? 0, budget);
    const commitment = commitments === undefined ? null : unpack(commitments);
    return { cells: columns.map(unpack), commitments: commitment, taken: 0 };
  });
  return order.map((place) => {
    const shape = batch.shapes[place];
    const columns = open[place];
    if (shape === undefined || columns === undefined) throw new BatchFault('an operation has no body');
    const row = columns.taken;
    columns.taken += 1;
    const fields = Object.fromEntries(shape.keys.map((key, at) => [key, columns.cells[at]?.[row]]));
    const holder = shape.isHeld ? holderOf(String(fields['cardId'])) : {};
    if (holder === undefined) throw new UnknownCard('a card is not known');
    const { commitments } = columns;
    const commitment = commitments === null ? null : readCommitment(commitments[row]);
    return { kind: shape.kind, body: { kind: shape.kind, ...fields, ...holder }, commitment };
  });
}

/** The centre can not fill in what was left out, or comes to another hash: the till sends everything. */
export class UnknownCard extends BatchFault {}

/** Where a batch begins: what the request says of it. */
export interface BatchStart {
  tillId: TillId;
  incarnation: number;
  /** The op before the first, and its hash. */
  tseq: number;
  hash: string;
}

/**
 * The ops of a batch with their hashes, each shape checked, and the whole against `head`.
 *
 * @throws BatchFault For what no till can have packed; `UnknownCard` when something was left out that the
 * centre does not know, or fills in otherwise.
 */
export function unpackBatch(
  batch: PackedBatch,
  start: BatchStart,
  { crypto, holderOf }: { crypto: Crypto; holderOf: HolderOf },
): UnpackedOp[] {
  const budget: Budget = { left: UNPACKED_CHARS_MAX };
  const column = (packed: Column): unknown[] => unpackColumn(packed, batch.count, budget);
  const { hlc, wallMs } = unpackClocks(batch, budget);
  const opIds = unpackOpIds(batch.opId, wallMs, budget);
  const bodies = unpackBodies(batch, holderOf, budget);
  const [versions, actors, stores] = [column(batch.version), column(batch.actorId), column(batch.storeId)];
  const [days, salts] = [column(batch.businessDay), column(batch.salt)];
  const isSound = createHeaderCheck();
  let prev = start.hash;
  const ops = bodies.map(({ kind, body, commitment }, row): UnpackedOp => {
    const header = {
      version: versions[row],
      opId: opIds[row],
      tillId: start.tillId,
      incarnation: start.incarnation,
      tseq: start.tseq + row + 1,
      hlc: hlc[row],
      wallMs: wallMs[row],
      actorId: actors[row],
      storeId: stores[row],
      businessDay: days[row],
      kind,
      salt: salts[row],
      prev,
    };
    if (!isSound(header)) throw new BatchFault(`operation ${row + 1} is not well formed`);
    const op = { ...header, body };
    const unpacked =
      commitment === null ? seal(op, crypto) : { op, hash: headerHash(op, commitment, crypto), commitment };
    prev = unpacked.hash;
    return unpacked;
  });
  if (prev === batch.head) return ops;
  throw batch.shapes.some((shape) => shape.isHeld)
    ? new UnknownCard('the operations come to another hash')
    : new BatchFault('the operations come to another hash');
}

/** An id as tills make them; others are looked at more closely. */
const OWN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const KNOWN_MAX = 64;

/**
 * `OpHeader` for ops of one batch: what comes again in each of them is looked at once. Numbers, clocks and
 * `prev` are made or checked where the columns are unpacked.
 */
function createHeaderCheck() {
  const columns = ['version', 'actorId', 'storeId', 'businessDay', 'kind', 'salt'] as const;
  const checks = columns.map((key) => ({ key, known: new Set<unknown>(), shape: OpHeader.shape[key] }));
  return (header: { [key in keyof OpHeader]: unknown }): header is OpHeader => {
    const { opId, wallMs, tseq } = header;
    const isOwnId = typeof opId === 'string' && OWN_ID.test(opId);
    if (!isOwnId && !OpHeader.shape.opId.safeParse(opId).success) return false;
    if (!Number.isSafeInteger(wallMs) || !Number.isSafeInteger(tseq)) return false;
    return checks.every(({ key, known, shape }) => {
      const value = header[key];
      if (known.has(value)) return true;
      if (!shape.safeParse(value).success) return false;
      if (known.size < KNOWN_MAX) known.add(value);
      return true;
    });
  };
}

function seal(op: WireOp, crypto: Crypto): SealedOp<WireOp> {
  try {
    return sealOp(op, crypto);
  } catch {
    throw new BatchFault('an operation holds a number that is not a whole one');
  }
}
