import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CoreClient } from '../../electron/contract/index.ts';
import { askEnrolCode } from '../../electron/core/enrol-code.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { newId, type CardTypeId, type OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { startCentreChild, type CentreChild } from '../parts/centre.ts';
import { fakeClock } from '../parts/fake-clock.ts';
import { forkCore, type ForkedCore } from '../parts/forked-core.ts';
import { startPostgres, type PostgresPart } from '../parts/postgres.ts';
import { makeFolder } from '../parts/till.ts';
import { FORM, MANAGER_PIN } from '../unit/crm/test-centre.ts';

const MANAGER = { login: 'manager', pin: MANAGER_PIN };
const CRM = join(import.meta.dirname, '../../out/crm/index.cjs');
const DAY_MS = 86_400_000;

let dir: string;
let postgres: PostgresPart;
let centre: CentreChild;
let core: ForkedCore;

const clockFile = (): string => join(dir, 'clock');
/** `+3d`, `-3d` or `@2100-01-05 00:00:00`: what the process reads from now on. */
const setClock = (words: string): void => writeFileSync(clockFile(), `${words}\n`);

function start(): Promise<ForkedCore> {
  return forkCore(join(dir, 'till'), {
    ...fakeClock(),
    FAKETIME_TIMESTAMP_FILE: clockFile(),
    TZ: 'UTC',
  });
}

beforeAll(async () => {
  dir = makeFolder();
  setClock('+0d');
  writeFileSync(join(dir, 'setup.json'), JSON.stringify(FORM));
  postgres = await startPostgres();
  const args = ['--setup', join(dir, 'setup.json')];
  centre = await startCentreChild(CRM, { folder: dir, databaseUrl: await postgres.createDatabase(), args });
  core = await start();
}, 120_000);
afterAll(async () => {
  await core.close();
  await centre.stop();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function openShop(): Promise<{
  client: CoreClient;
  stamp: () => Promise<unknown>;
  total: () => Promise<number>;
}> {
  const client = createCoreClient(core.port);
  const { code } = await askEnrolCode(centre.url, { ...MANAGER, storeId: null });
  await client['till.enrol']({ serverUrl: centre.url, code, tillName: 'Till 1' });
  await client['session.signIn'](MANAGER);
  const { member, cardId } = await client['members.add']({
    opId: newId<OpId>(),
    draft: { lastName: 'Clock' },
    cardTypeId: 'stamp' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  const id = must(cardId, 'enrolled with a card');
  return {
    client,
    stamp: () => client['stamps.add']({ opId: newId<OpId>(), cardId: id, count: 1 }),
    total: async () => {
      const { cards } = await client['members.get']({ memberId: member.memberId });
      const { balance } = must(cards[0], 'one card');
      return balance.confirmed + balance.pending;
    },
  };
}

test('the real core under a clock that jumps: nothing lost, doubled or on another day (R-C1)', async () => {
  const { client, stamp, total } = await openShop();
  await client['sync.run']({});
  const { businessDay } = await client['till.get']({});
  const clocks = [
    ['+400d', 400 * DAY_MS],
    ['-1d', -DAY_MS],
    ['+3d', 3 * DAY_MS],
    ['-3d', -3 * DAY_MS],
    ['@1970-01-02 00:00:00', Date.UTC(1970, 0, 2) - Date.now()],
    ['@2038-01-20 00:00:00', Date.UTC(2038, 0, 20) - Date.now()],
    ['@2028-02-29 12:00:00', Date.UTC(2028, 1, 29, 12) - Date.now()],
    ['@2100-01-05 00:00:00', Date.UTC(2100, 0, 5) - Date.now()],
  ] as const;
  for (const [at, [words, aheadMs]] of clocks.entries()) {
    setClock(words);
    await stamp();
    await client['sync.run']({});
    await stamp();
    expect(await total()).toBe((at + 1) * 2);
    expect((await client['till.get']({})).businessDay).toBe(businessDay);
    const { clockAheadMs } = await client['sync.getStatus']({});
    expect(Math.abs(clockAheadMs - aheadMs)).toBeLessThan(10 * 60_000);
  }
  await client['sync.run']({});
  const closed = await client['day.close']({ businessDay });
  await client['sync.run']({});
  const { proof, lines } = await client['day.getClose']({ businessDay: closed.businessDay });
  expect(proof.state).toBe('equal');
  expect(lines.find(({ kind }) => kind === 'stamp.added')?.units).toBe(clocks.length * 2);
  expect((await client['till.verify']({})).problems).toEqual([]);
});
