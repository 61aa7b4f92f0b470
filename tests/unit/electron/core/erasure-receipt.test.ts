import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { exchangeOnce, type StepParts } from '../../../../electron/core/exchange-step.ts';
import { eraseInAsides } from '../../../../electron/core/renewal.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { must } from '../../../../sync/base/must.ts';
import { EMPTY_ROWS, type Rows } from '../../../../sync/model/feed.ts';
import type { ExchangeReply, ExchangeRequest } from '../../../../sync/protocol/exchange.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';
import * as sample from '../../db/samples.ts';

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ERASED = sample.memberId(1);

const answer = (changes: Partial<ExchangeReply>, rows: Partial<Rows> = {}): ExchangeReply => ({
  ...{ protocol: 1, epoch: 'e', hiTseq: 0, durableTseq: 0, fence: '', acks: [], held: [], releases: [] },
  ...{ erasures: { memberIds: [ERASED], upTo: 1 }, cursor: 5, headSeq: 9, cardBlock: null, serverTimeMs: 0 },
  ...{ isFarBehind: false, hasMore: false, rows: { ...EMPTY_ROWS, ...rows } },
  ...changes,
});

test('a till confirms an erasure only when nobody can come by an older row any more whom it did not know (I6)', async () => {
  const till = openTill({ path: join(folder, 'till.db'), keyHex: KEY_HEX });
  const replica = openReplica({ path: join(folder, 'replica.db'), keyHex: KEY_HEX });
  replica.apply(EMPTY_ROWS, { epoch: 'e', cursor: 3, isSettled: true });
  const asked: number[] = [];
  const step = async (reply: ExchangeReply): Promise<void> => {
    const exchange = async ({ purgedErasure }: ExchangeRequest): Promise<ExchangeReply> => {
      asked.push(purgedErasure);
      return reply;
    };
    // Cast: a step uses nothing else of either.
    const others = {
      enrolment: { tillId: 't', incarnation: 1 },
      centre: { exchange },
    } as unknown as StepParts;
    const settings = createTillSettings(till.settings);
    await exchangeOnce({ ...others, till, replica, settings, wallMs: 0, isInFull: false });
  };
  const state = (): string => must(replica.member(ERASED), 'she came').state;
  await step(answer({ isFarBehind: true }));
  // A file of the feed that was cut before she was erased.
  replica.apply(sample.rows({ members: [sample.member(1, { seq: 4 })] }), {
    ...{ epoch: 'e', cursor: 5, isSettled: false },
  });
  expect(state()).toBe('active');
  await step(answer({ hasMore: true }, { members: [sample.member(2, { seq: 6 })] }));
  expect(state()).toBe('anonymised');
  // The rows were read before the erasure, the word of it after.
  await step(answer({ cursor: 9 }, { members: [sample.member(1, { seq: 8, notes: 'late' })] }));
  expect(state()).toBe('anonymised');
  await step(answer({ cursor: 9, erasures: null }));
  expect(asked).toEqual([0, 0, 0, 1]);
  till.close();
  replica.close();
});

test('whoever comes with the same answer as the word of her erasure is blank before it is confirmed', async () => {
  const till = openTill({ path: join(folder, 'second.db'), keyHex: KEY_HEX });
  const replica = openReplica({ path: join(folder, 'second-replica.db'), keyHex: KEY_HEX });
  const reply = answer({ cursor: 9 }, { members: [sample.member(1, { seq: 8 })] });
  const exchange = async (): Promise<ExchangeReply> => reply;
  // Cast: as above.
  const others = { enrolment: { tillId: 't', incarnation: 1 }, centre: { exchange } } as unknown as StepParts;
  const settings = createTillSettings(till.settings);
  await exchangeOnce({ ...others, till, replica, settings, wallMs: 0, isInFull: false });
  expect([replica.member(ERASED)?.state, replica.purged()]).toEqual(['anonymised', 1]);
  till.close();
  replica.close();
});

test.each([
  'replica.db.fill',
  'replica.db.damaged-1790000000000',
  'replica.db.gone',
  'till.db.damaged-1790000000000',
])('while %s lies beside, an erasure waits: it may know her by name', (name) => {
  const dataDir = mkdtempSync(join(folder, 'beside-'));
  const openAside = (): never => {
    throw new Error('there is none');
  };
  const isErased = (): boolean =>
    eraseInAsides({ dataDir, log: pino({ level: 'silent' }), openAside, isWhole: false }, [], ERASED);
  expect(isErased()).toBe(true);
  writeFileSync(join(dataDir, name), '');
  expect(isErased()).toBe(false);
});
