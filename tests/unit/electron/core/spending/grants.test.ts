import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReplica } from '../../../../../db/replica/open.ts';
import { openTill } from '../../../../../db/till/open.ts';
import type { CentreClient } from '../../../../../electron/core/centre-client.ts';
import { refreshGrants } from '../../../../../electron/core/spending/ask-centre.ts';
import { createTillSettings } from '../../../../../electron/core/till-settings.ts';
import { must } from '../../../../../sync/base/must.ts';
import type { HoldsReply } from '../../../../../sync/protocol/holds.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../../../../parts/till.ts';
import { account, accountId, opChain, opId, rows, shopRows, stamp } from '../../../db/samples.ts';

const MINUTES_11 = 11 * 60_000;

let dir: string;
let till: ReturnType<typeof openTill>;
let replica: ReturnType<typeof openReplica>;
let nowMs: number;

beforeEach(async () => {
  dir = makeFolder();
  await seedFolder(dir);
  till = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  replica = openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX });
  replica.apply(shopRows(2), { epoch: 'e', cursor: 900, isSettled: true });
  replica.apply(rows({ accounts: [1, 2].map((n) => account(n, { seq: 900 + n, balance: 80 })) }), {
    ...{ epoch: 'e', cursor: 902, isSettled: true },
  });
  const chain = opChain();
  for (const n of [1, 2]) till.ops.append(chain(stamp(n)), []);
  till.ops.recordAcks([{ firstTseq: 1, count: 2, firstSeq: 801 }], []);
  nowMs = 1_800_000_000_000;
});
afterEach(() => {
  replica.close();
  till.close();
  rmSync(dir, { recursive: true, force: true });
});

const given = (n: number, left: number) => ({ holdId: opId(n), accountId: accountId(n), left });

/** The till asks, and is told these grants; `meanwhile` happens while the answer is on its way. */
async function told(grants: HoldsReply['grants'], meanwhile = (): void => undefined) {
  const settings = createTillSettings(till.settings);
  const holds: CentreClient['holds'] = async () => {
    meanwhile();
    return { reserved: null, available: 0, grants };
  };
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const parts = { till, replica: () => replica, settings, clock, log: pino({ level: 'silent' }) };
  // Cast: of a centre nothing else is asked here.
  await refreshGrants(parts, must(settings.enrolment(), 'seeded'), { holds } as unknown as CentreClient);
  nowMs += MINUTES_11;
  return settings.grants();
}

test('a grant that the centre does not list any more is no longer there to be spent (I8)', async () => {
  expect(Object.keys(await told([given(1, 40), given(2, 30)]))).toEqual([accountId(1), accountId(2)]);
  expect(await told([given(2, 30)])).toEqual({ [accountId(2)]: { holdId: opId(2), left: 30 } });
  expect(await told([])).toEqual({});
});

test('what the centre says to be left of a grant counts, less what was spent while it said so', async () => {
  await told([given(1, 40)]);
  expect(await told([given(1, 25)])).toMatchObject({ [accountId(1)]: { left: 25 } });
  const spend = (): void =>
    createTillSettings(till.settings).setGrants({ [accountId(1)]: { holdId: opId(1), left: 5 } });
  expect(await told([given(1, 25)], spend)).toMatchObject({ [accountId(1)]: { left: 5 } });
});
