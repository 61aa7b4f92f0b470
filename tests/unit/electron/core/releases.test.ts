import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import type { ReplicaDb } from '../../../../db/replica/types.ts';
import { openTill } from '../../../../db/till/open.ts';
import type { TillDb } from '../../../../db/till/types.ts';
import { exchangeOnce, type StepParts } from '../../../../electron/core/exchange-step.ts';
import { createOverlay, type Overlay } from '../../../../electron/core/overlay.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { CHAIN_START, sealOp, type OpBody } from '../../../../sync/model/op.ts';
import type { ExchangeReply, ExchangeRequest } from '../../../../sync/protocol/exchange.ts';
import { RELEASES_MAX } from '../../../../sync/protocol/releases.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { createdBody, createRowTable, IDS, makeOp, ON_CARD } from '../../../parts/ops.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let till: TillDb;
let replica: ReplicaDb;
let overlay: Overlay;
let runs = 0;

beforeEach(() => {
  runs += 1;
  till = openTill({ path: join(folder, `till-${runs}.db`), keyHex: KEY_HEX });
  replica = openReplica({ path: join(folder, `replica-${runs}.db`), keyHex: KEY_HEX });
  overlay = createOverlay(till, () => replica);
});
afterEach(() => {
  till.close();
  replica.close();
});

const stampOf = (count: number): OpBody => ({
  kind: 'stamp.added',
  ...ON_CARD,
  count,
  amountMinor: null,
  receiptNo: '',
});

const balance = (): number | undefined => overlay.lay(IDS.member)?.accounts.get(IDS.account)?.view.balance;

test('a held op counts once at every moment: held, told early, told with its rows, told again', () => {
  const centre = createRowTable();
  const made = [createdBody(), stampOf(5), stampOf(2)].map((body, at) => ({
    ...makeOp(body, { tseq: at + 1, atMs: 1_700_000_000_000 + at }),
  }));
  for (const op of made) {
    const sealed = sealOp({ ...op, prev: till.ops.last()?.hash ?? CHAIN_START }, testCrypto);
    till.transaction(() => till.ops.append(sealed, [`k${op.tseq}`]));
  }
  const pull = (): void => {
    const rows = {
      ...EMPTY_ROWS,
      members: [...centre.members.values()],
      cards: [...centre.cards.values()],
      accounts: [...centre.accounts.values()].map((row) => ({ ...row, accountNo: 1 })),
      entries: [...centre.entries.values()],
    };
    replica.apply(rows, { epoch: 'e', cursor: centre.seqNow(), isSettled: true });
    till.ops.forgetKeys(centre.seqNow());
  };
  const [created, held, last] = made;
  if (created === undefined || held === undefined || last === undefined) throw new Error('three ops');
  centre.apply(created);
  till.ops.recordAcks([{ firstTseq: 1, count: 3, firstSeq: 1 }], [{ tseq: 2, reason: 'actor_unknown' }]);
  centre.passNumber();
  centre.apply(last);
  pull();
  expect([balance(), till.ops.counts().held]).toEqual([7, 1]);
  const releases = [{ incarnation: 1, tseq: 2, seq: 4 }];
  till.ops.recordReleases([
    { incarnation: 9, tseq: 2, seq: 3 },
    { incarnation: 1, tseq: 3, seq: 4 },
  ]);
  expect(till.ops.counts().held).toBe(1);
  till.ops.recordReleases(releases);
  expect([balance(), till.ops.counts().held]).toEqual([7, 0]);
  expect(till.ops.searchOpen({ key: 'k2', isPrefix: false }, 5)).toEqual([IDS.member]);
  centre.apply(held);
  pull();
  till.ops.recordReleases(releases);
  expect(balance()).toBe(7);
  expect(overlay.lay(IDS.member)?.openOps).toEqual([]);
  expect(till.ops.searchOpen({ key: 'k2', isPrefix: false }, 5)).toEqual([]);
  expect([till.ops.ackedTseq(), till.ops.find(held.opId)?.ackSeq]).toEqual([3, 4]);
});

test('while an answer tells as many releases as it can, fates are not known and the next step asks on', async () => {
  const releases = Array.from({ length: RELEASES_MAX }, (_, at) => ({
    ...{ incarnation: 1, tseq: at + 1, seq: 100 + at },
  }));
  const asked: ExchangeRequest[] = [];
  const reply: ExchangeReply = {
    ...{ protocol: 1, epoch: 'e', hiTseq: 0, durableTseq: 0, fence: '', acks: [], held: [], erasures: null },
    ...{ rows: EMPTY_ROWS, cursor: 0, headSeq: 9, isFarBehind: false, cardBlock: null, serverTimeMs: 0 },
    ...{ hasMore: true, releases },
  };
  const exchange = (request: ExchangeRequest): Promise<ExchangeReply> => {
    asked.push(request);
    return Promise.resolve(asked.length === 1 ? reply : { ...reply, hasMore: false, releases: [] });
  };
  const released: { seq: number | null } = { seq: null };
  const settings = createTillSettings(till.settings);
  // Cast: a step uses nothing else of either.
  const others = { enrolment: { tillId: 't', incarnation: 1 }, centre: { exchange } } as unknown as StepParts;
  const step = { ...others, till, replica, settings, wallMs: 0, isInFull: false, released };
  expect((await exchangeOnce(step)).knownSeq).toBe(0);
  expect((await exchangeOnce(step)).knownSeq).toBe(9);
  expect(asked.map(({ releasedSeq }) => releasedSeq)).toEqual([undefined, 100 + RELEASES_MAX - 1]);
  expect(released.seq).toBe(null);
});

test('an answer that came before the fates were known leaves the question for old releases as it was', async () => {
  const asked: ExchangeRequest[] = [];
  const reply: ExchangeReply = {
    ...{ protocol: 1, epoch: 'e', hiTseq: 0, durableTseq: 0, fence: '', acks: [], held: [], erasures: null },
    ...{ rows: EMPTY_ROWS, cursor: 0, headSeq: 9, isFarBehind: false, cardBlock: null, serverTimeMs: 0 },
    ...{ hasMore: true, releases: [] },
  };
  const exchange = (request: ExchangeRequest): Promise<ExchangeReply> => {
    asked.push(request);
    return Promise.resolve({ ...reply, hasMore: asked.length === 1 });
  };
  const released: { seq: number | null } = { seq: 0 };
  const settings = createTillSettings(till.settings);
  // Cast: as above.
  const others = { enrolment: { tillId: 't', incarnation: 1 }, centre: { exchange } } as unknown as StepParts;
  const step = { ...others, till, replica, settings, wallMs: 0, isInFull: false, released };
  const known: number[] = [];
  for (let count = 0; count < 3; count += 1) known.push((await exchangeOnce(step)).knownSeq);
  // Files up to there would take the cursor past releases that were never told.
  expect(known).toEqual([0, 9, 9]);
  expect(asked.map(({ releasedSeq }) => releasedSeq)).toEqual([0, 0, undefined]);
});
