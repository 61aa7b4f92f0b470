import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { verifyCentre } from '../../../../crm/routes/health.ts';
import { CentreError } from '../../../../sync/protocol/exchange.ts';
import { must } from '../../../../sync/base/must.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from '../test-centre.ts';
import { headersOf, injected, TestTill } from '../test-till.ts';
import { askInTime } from './hang.ts';
import { listOperations, valuesOf, type Operation } from './api.ts';

/** PGlite has one connection and no second processor: fewer, of the same kinds. */
const RUNS = { PostgreSQL: 2_000, PGlite: 400 } as const;

const odd = fc.constantFrom<unknown>(
  ...[-1, 0, 1e18, 1.5, 2 ** 53, '5', '', '\0', '\ud800', 'NaN', null, true, [], {}, 'x'.repeat(5_000)],
  ...[{ length: 1 }, [[]], '%', "' or 1=1 --", '../..', '019a0000-0000-7000-8000-000000000009'],
);
const junk = fc.oneof(odd, fc.anything({ maxDepth: 2 }));
const word = fc.oneof(
  fc.constantFrom(
    ...['0', '1', '-1', '9007199254740993', '1e9', 'NaN', '', ',', '0,1,1024', 'rows', 'members'],
  ),
  fc.constantFrom(...['balances', 'wanted', 'staff-1', 'open', '\0', '\ud800', '%00', 'a'.repeat(3_000)]),
  fc.string({ maxLength: 12, unit: 'binary' }),
);
const QUERY_KEYS = [
  'actorId',
  'after',
  'until',
  'seq',
  'table',
  'buckets',
  'snapshot',
  'state',
  'fromLine',
  'x',
];

const asked = fc.record({
  at: fc.nat(),
  params: fc.array(word, { minLength: 3, maxLength: 3 }),
  query: fc.array(fc.tuple(fc.constantFrom(...QUERY_KEYS), word), { maxLength: 4 }),
  /** What is put in the place of which field; below 10 only, so that half of all bodies stay whole. */
  bends: fc.array(fc.tuple(fc.nat(19), junk), { maxLength: 2 }),
  flips: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  ),
  packing: fc.constantFrom('', '', '', 'zstd', 'claimed', 'gzip'),
  type: fc.constantFrom('application/json', 'application/json', 'application/json', 'text/plain', 'x', ''),
  isKnown: fc.integer({ min: 0, max: 9 }).map((chance) => chance > 0),
  isSigned: fc.integer({ min: 0, max: 9 }).map((chance) => chance > 0),
});
type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never;

function bent(body: unknown, bends: Asked['bends']): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const copy: Record<string, unknown> = { ...body };
  const keys = [...Object.keys(copy), 'extra'];
  for (const [turn, value] of bends) if (turn < 10) copy[keys[turn % keys.length] ?? 'extra'] = value;
  return copy;
}

function flipped(bytes: Buffer, flips: readonly number[]): Buffer {
  for (const flip of flips) {
    if (bytes.length === 0) break;
    const at = flip % bytes.length;
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (flip % 8)), at);
  }
  return bytes;
}

const urlOf = ({ path }: Operation, { params, query }: Asked): string => {
  const parts = [...params];
  const filled = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent((parts.shift() ?? '').toWellFormed()));
  const text = query.map(([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`).join('&');
  return text === '' ? filled : `${filled}?${text}`;
};

const nameOf = ({ verb, path }: Operation): string => `${verb} ${path}`;

interface Target {
  open: TestCentre;
  till: TestTill;
  operations: Operation[];
}

async function liveTill({ open }: Pick<Target, 'open'>): Promise<TestTill> {
  const live = await TestTill.enrol(injected(open.app));
  live.stamp(live.makeMember());
  await live.sync();
  return live;
}

/** Right where its form allows: the till's own name and version, so that what lies behind them is reached. */
const ownParts = (till: TestTill, body: unknown): object => ({
  ...(body as object),
  ...('tillId' in (body as object) && { tillId: till.enrolled.tillId, incarnation: 1, protocol: 1 }),
  ...('epoch' in (body as object) && till.request({ ops: [] })),
});

type Whole = Asked & { body: unknown };

const anyOf = (operations: readonly Operation[]): fc.Arbitrary<Whole> => {
  const bodies = operations.map(({ body }) => (body === null ? fc.constant(null) : valuesOf(body)));
  return asked.chain((rest) =>
    (bodies[rest.at % bodies.length] ?? fc.constant(null)).map((body) => ({ ...rest, body })),
  );
};

/** Sends one request. @returns what was wrong with the answer; null for nothing */
async function ask(target: Target, { body, ...rest }: Whole, seen: Set<string>): Promise<string | null> {
  const { open, till, operations } = target;
  const operation = must(operations[rest.at % operations.length], 'there are routes');
  const url = urlOf(operation, rest);
  const text = body === null ? '' : (JSON.stringify(bent(ownParts(till, body), rest.bends)) ?? '');
  const plain = flipped(Buffer.from(text), rest.flips);
  const payload = rest.packing === 'zstd' ? zstdCompressSync(plain) : plain;
  const token = rest.isKnown ? till.enrolled.token : 'f'.repeat(64);
  const key = rest.isSigned ? till.secretKey : undefined;
  const headers = {
    ...headersOf({ method: operation.verb, path: url, text, bytes: plain }, token, key),
    ...(rest.packing !== '' && { 'content-encoding': rest.packing === 'gzip' ? 'gzip' : 'zstd' }),
    ...(rest.type !== '' && { 'content-type': rest.type }),
  };
  const request = { method: operation.verb, url, headers, payload };
  const { reply, isHanging } = await askInTime(() => open.app.inject(request));
  seen.add(nameOf(operation));
  // Stopped for good: the next requests come from a till that lives.
  if (/till_forked|till_restored/.test(reply.body)) target.till = await liveTill(target);
  if (isHanging) return `${url} took too long`;
  if (reply.statusCode < 400) return null;
  const isInWords = reply.statusCode < 500 && CentreError.safeParse(reply.json()).success;
  return isInWords ? null : `${url}: ${reply.statusCode} ${reply.body}`;
}

describe.each(['PostgreSQL', 'PGlite'] as const)('a centre on %s', (kind) => {
  let postgres: PostgresPart | undefined;
  let folder: string;
  let target: Target;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'counterfoil-fuzz-'));
    postgres = kind === 'PGlite' ? undefined : await startPostgres();
    const open = await openTestCentre(
      postgres === undefined ? { folder } : { url: await postgres.createDatabase() },
    );
    // Nobody waits for news here: a long poll answers at once, as when the centre stops.
    open.centre.feed.watch.close();
    target = { open, till: await liveTill({ open }), operations: await listOperations(open.app) };
  }, 60_000);
  afterAll(async () => {
    await target.open.close();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('whatever comes to any of its routes is answered in time, never with 500, and in the words of a refusal (R-S6)', async () => {
    const { centre } = target.open;
    const before = await verifyCentre(centre);
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyOf(target.operations), async (one) => {
        expect(await ask(target, one, seen)).toBeNull();
      }),
      { numRuns: RUNS[kind], seed: 17 },
    );
    const after = await verifyCentre(centre);
    expect([after.members >= before.members, after.problems]).toEqual([true, []]);
    expect([...seen].sort()).toEqual(target.operations.map(nameOf).sort());
  }, 300_000);
});
