import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openReplica } from '../../db/replica/open.ts';
import { openTill } from '../../db/till/open.ts';
import type { CoreClient } from '../../electron/contract/index.ts';
import { createPortPair, EventMessage } from '../../electron/contract/port.ts';
import { openCore, type Core, type CoreConfig } from '../../electron/core/index.ts';
import { createTillSettings } from '../../electron/core/till-settings.ts';
import { createCoreClient } from '../../electron/hosts/client.ts';
import { newId, type OpId } from '../../sync/base/ids.ts';
import { toCardNumber } from '../../sync/base/card-number.ts';
import { EMPTY_ROWS, type Rows } from '../../sync/model/feed.ts';
import { testCrypto } from './node-crypto.ts';
import { CHAIN, PINS, shopDocuments, STORE_ID, TILL_ID } from './shop.ts';

export const KEY_HEX = '5a'.repeat(32);
/** Nobody listens there: the till is offline and stays so. */
const NOWHERE = 'http://127.0.0.1:9';

export interface TestTill {
  dir: string;
  core: Core;
  client: CoreClient;
  /** Events since the start, oldest first. */
  events: { name: string; data: unknown }[];
  opId: () => OpId;
  signIn: (login: keyof typeof PINS) => Promise<void>;
  close: () => Promise<void>;
}

/** An empty folder, gone when the test file ends if the caller removes it. */
export const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'counterfoil-test-'));

/** Fills a folder as enrolment would, without a centre: identity, card block, the test chain, and `rows`. */
export async function seedFolder(
  dir: string,
  {
    rows = {},
    cursor = 100,
    isSettled = true,
    serverUrl = NOWHERE,
  }: { rows?: Partial<Rows>; cursor?: number; isSettled?: boolean; serverUrl?: string } = {},
): Promise<void> {
  const till = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const settings = createTillSettings(till.settings);
  settings.setDocuments(await shopDocuments());
  settings.setEnrolment({
    tillId: TILL_ID,
    incarnation: 1,
    token: 't'.repeat(40),
    storeId: STORE_ID,
    tillName: 'Till 1',
    serverUrl,
    chain: CHAIN,
    secretKey: '7e'.repeat(32),
    centreKeys: { signKey: 'c5'.repeat(32), sealKey: '5c'.repeat(32) },
  });
  const numbers = Array.from({ length: 50 }, (_, at) =>
    toCardNumber(testCrypto, { key: 'key', prefix: CHAIN.cardPrefix }, at),
  );
  till.stock.addBlock({ blockId: 1, numbers });
  till.close();
  const replica = openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX });
  replica.apply(
    { ...EMPTY_ROWS, documents: await shopDocuments(), ...rows },
    { epoch: 'e', cursor, isSettled },
  );
  replica.close();
}

/** A real core on real files in this process, joined by the in-process port. */
export function openTestTill(dir: string, config: Partial<CoreConfig> = {}): TestTill {
  const core = openCore({
    dataDir: dir,
    keyHex: KEY_HEX,
    bootId: 'boot',
    version: '0.0.0',
    scanner: null,
    isDemo: false,
    // Whatever the disk of this machine has.
    freeBytes: () => Number.MAX_SAFE_INTEGER,
    log: pino({ level: 'silent' }),
    ...config,
  });
  const [near, far] = createPortPair();
  const events: TestTill['events'] = [];
  near.onMessage((message) => {
    const event = EventMessage.safeParse(message);
    if (event.success) events.push({ name: event.data.name, data: event.data.data });
  });
  const client = createCoreClient(near);
  core.connect(far, 'page');
  return {
    dir,
    core,
    client,
    events,
    opId: () => newId<OpId>(),
    signIn: async (login) => {
      await client['session.signIn']({ login, pin: PINS[login] });
    },
    close: () => core.close(),
  };
}

/** Seeds a new folder, opens it, signs the cashier in. */
export async function startTestTill(): Promise<TestTill> {
  const dir = makeFolder();
  await seedFolder(dir);
  const till = openTestTill(dir);
  await till.signIn('cashier');
  return till;
}

export async function endTestTill(till: TestTill): Promise<void> {
  await till.close();
  rmSync(till.dir, { recursive: true, force: true });
}
