import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openTill } from '../../../../db/till/open.ts';
import { contract } from '../../../../electron/contract/index.ts';
import { ERASURE_TILLS_MAX } from '../../../../electron/contract/log.ts';
import type { Ctx } from '../../../../electron/core/ctx.ts';
import { listErasures } from '../../../../electron/core/queries/erasures-list.ts';
import { listLog } from '../../../../electron/core/queries/log-list.ts';
import { newId, type OpId } from '../../../../sync/base/ids.ts';
import { CHAIN_START, sealOp } from '../../../../sync/model/op.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { createdBody, IDS, makeOp } from '../../../parts/ops.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';

const DAY = '2026-11-22';
const STORES = ['store-1', 'store-9'].map((storeId) => ({ body: { storeId, name: storeId } }));
const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = (opId: OpId, seq: number) => ({
  ...{ opId, seq, atMs: 1, kind: 'member.created', actorId: 'staff-1', tillId: 't', storeId: 'store-1' },
  ...{ memberId: null, held: null },
});
const NOTHING = { lines: [], hasMore: false, decisions: [], hasMoreDecisions: false, tills: [] };

let till: ReturnType<typeof openTill>;
let isLineUp: boolean;
let asked: Record<string, string>[];
/** What the centre does when it is asked. */
let answer: () => object;
beforeEach(() => {
  till = openTill({ path: join(folder, newId()), keyHex: KEY_HEX });
  isLineUp = true;
  asked = [];
  answer = () => NOTHING;
  return () => till.close();
});

function append(count: number): OpId[] {
  return Array.from({ length: count }, () => {
    const last = till.ops.last();
    const tseq = (last?.tseq ?? 0) + 1;
    const made = makeOp(createdBody(), { tseq, atMs: 1_700_000_000_000 + tseq });
    const op = { ...made, prev: last?.hash ?? CHAIN_START };
    till.transaction(() => till.ops.append(sealOp(op, testCrypto), []));
    return op.opId;
  });
}
const acknowledge = (firstTseq: number, count: number): void =>
  till.ops.recordAcks([{ firstTseq, count, firstSeq: firstTseq }], []);

/** Somebody of a role, in front of a real file and a centre that answers as the test says. */
function at(screen: 'till' | 'office', role: 'manager' | 'supervisor'): Ctx {
  const person = { staffId: IDS.staff, role };
  const centre = {
    log: async (given: Record<string, string>) => {
      asked.push(given);
      return answer();
    },
    erasures: async () => answer(),
  };
  const directory = {
    staff: () => ({ ...person, name: 'Mei' }),
    store: () => ({ name: 'First', timeZone: 'Asia/Singapore', cutOffHour: 4 }),
    documents: (kind: string) => (kind === 'store' ? STORES : []),
    businessDay: () => DAY,
  };
  const ctx = {
    ...{ screen, till, directory, session: { person }, connect: () => centre },
    clock: { nowMs: () => 1_700_000_000_000, wallMs: () => 1_700_000_000_000, isProvenAhead: () => false },
    overlay: { lay: () => undefined },
    settings: { enrolment: () => ({ storeId: 'store-1', tillName: 'Till 1' }) },
    sync: { isLineUp: () => isLineUp },
  };
  return ctx as unknown as Ctx;
}
async function look(ctx: Ctx, more: { storeId?: string; after?: number } = {}) {
  const view = await listLog(ctx, contract['log.list'].input.parse({ businessDay: null, ...more }));
  contract['log.list'].output.parse(view);
  return view;
}
const idsOf = ({ entries }: Awaited<ReturnType<typeof look>>) => entries.map(({ opId }) => opId);

test('what is acknowledged while the question is under way vanishes from no list', async () => {
  const [first, second] = append(2);
  acknowledge(1, 1);
  answer = () => {
    acknowledge(2, 1);
    return { ...NOTHING, lines: [line(first as OpId, 1)] };
  };
  expect(idsOf(await look(at('till', 'manager')))).toEqual([second, first]);
});

test('unsent actions come page by page, the centre’s behind them; without a line a till’s own do', async () => {
  const all = append(250);
  const manager = at('till', 'manager');
  const old = newId<OpId>();
  answer = () => ({ ...NOTHING, lines: [line(old, 7)], hasMore: true });
  const first = await look(manager);
  expect([idsOf(first), first.after]).toEqual([all.slice(0, 200), -200]);
  const second = await look(manager, { after: -200 });
  expect([idsOf(second), second.after]).toEqual([[...all.slice(200), old], 7]);
  expect((await look(manager, { after: 7 })).entries).toHaveLength(1);
  expect(asked.map(({ after }) => after)).toEqual(['0', '0', '7']);
  isLineUp = false;
  acknowledge(1, 240);
  const alone = await look(manager);
  expect([idsOf(alone), alone.after, alone.line]).toEqual([all.slice(0, 200), -200, 'down']);
  const rest = await look(manager, { after: -200 });
  expect([idsOf(rest), rest.after]).toEqual([all.slice(200), null]);
  await expect(look(manager, { after: 7 })).rejects.toMatchObject({ code: 'centre_unreachable' });
});

test('a manager in an office chooses a shop and reads that one alone; nobody else is offered any', async () => {
  const own = append(1);
  const office = at('office', 'manager');
  const elsewhere = await look(office, { storeId: 'store-9' });
  expect([idsOf(elsewhere), asked[0]?.['storeId'], elsewhere.stores.length]).toEqual([[], 'store-9', 2]);
  expect(idsOf(await look(office))).toEqual(own);
  for (const ctx of [at('office', 'supervisor'), at('till', 'manager')]) {
    const { stores } = await look(ctx, { storeId: 'store-9' });
    expect([stores, asked.at(-1)?.['storeId']]).toEqual([[], 'store-1']);
  }
  isLineUp = false;
  expect(idsOf(await look(office, { storeId: 'store-9' }))).toEqual([]);
});

test('the day that is asked for is the shop’s, for what belongs to no shop', async () => {
  await look(at('till', 'manager'));
  const { fromMs, untilMs } = asked[0] ?? {};
  expect([Number(fromMs), Number(untilMs)]).toEqual([
    Date.parse('2026-11-21T20:00:00Z'),
    Date.parse('2026-11-22T20:00:00Z'),
  ]);
});

test('of thousands of tills that have not confirmed, some are named and the rest are counted', async () => {
  const tills = Array.from({ length: 3_000 }, (_, no) => ({
    ...{ tillId: `t${no}`, name: 'T', storeId: 's', confirmedNo: no < 2_500 ? 0 : 1 },
    ...{ confirmedAtMs: 0, heardAtMs: 0 },
  }));
  const erasures = [{ erasureNo: 1, memberId: IDS.member, atMs: 1, tills: 3_000, confirmed: 500 }];
  answer = () => ({ erasures, tills });
  const view = await listErasures(at('till', 'manager'), {});
  contract['erasures.list'].output.parse(view);
  const [told] = view.erasures ?? [];
  expect([told?.missing.length, told?.moreMissing]).toEqual([ERASURE_TILLS_MAX, 2_500 - ERASURE_TILLS_MAX]);
});

test('beside who stood by a decision stands who else saved her version, and whether that was the one who acted', async () => {
  const decision = (lineNo: number, note: unknown) => ({
    ...{ lineNo, atMs: 1, actorId: 'staff-1', action: 'points.credited', objectId: 'x' },
    note: typeof note === 'string' ? note : JSON.stringify(note),
  });
  const by = (savedBy?: string | null) => ({
    secondId: 'staff-9',
    ...(savedBy !== undefined && { savedBy }),
  });
  const notes = ['words', by(), by(null), by('staff-9'), by('staff-1'), by('staff-3')];
  answer = () => ({ ...NOTHING, decisions: notes.map((note, at) => decision(at, note)) });
  const ctx = at('till', 'manager');
  ctx.directory.staff = ((staffId: string) => ({ staffId, role: 'manager', name: staffId })) as never;
  const { decisions } = await look(ctx);
  expect(decisions.map((each) => [each.secondName, each.savedByName, each.isSavedByActor])).toEqual([
    ['', '', false],
    ['staff-9', '', false],
    ['staff-9', '', false],
    ['staff-9', '', false],
    ['staff-9', 'staff-1', true],
    ['staff-9', 'staff-3', false],
  ]);
});
