import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildApp, type AppLimits } from '../../../crm/app.ts';
import { createCentre, type Centre } from '../../../crm/centre.ts';
import { openDatabase } from '../../../crm/database.ts';
import { createReach } from '../../../crm/integration/reach.ts';
import type { MessageSettings } from '../../../crm/messages/connectors.ts';
import { migrate } from '../../../crm/migrate.ts';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import { findChain, saveDocuments } from '../../../crm/repos/documents.ts';
import { SetupForm, setUp } from '../../../crm/setup.ts';
import type { StaffId, StoreId } from '../../../sync/base/ids.ts';
import type { Clock } from '../../../sync/base/clock.ts';
import { hashPin, type Scrypt } from '../../../sync/base/pin.ts';
import { CASHIER_PIN, MANAGER_PIN } from './pins.ts';

export { CASHIER_PIN, MANAGER_PIN };

export interface TestCentre {
  centre: Centre;
  app: FastifyInstance;
  close(): Promise<void>;
}

/** The real one takes 60 ms a time; what it is worth is tested where PINs are. */
export const quickScrypt: Scrypt = async (pin, salt) => nodeCrypto.sha256Hex(`${pin} ${salt}`);

export const FORM = SetupForm.parse({
  chainName: 'Test chain',
  country: 'SG',
  currency: 'SGD',
  storeName: 'First store',
  timeZone: 'Asia/Singapore',
  managerName: 'Mei',
  managerLogin: 'manager',
  managerPin: MANAGER_PIN,
  cardKinds: ['stamp', 'points', 'coupon'],
});

export interface TestCentreOptions {
  /** PostgreSQL; without it PGlite in `folder`. */
  url?: string;
  folder?: string;
  clock?: Clock;
  isEmpty?: boolean;
  /** Default: a quick one; a real till wants the real one. */
  scrypt?: Scrypt;
  /** Default: as good as none, because a test asks more often than any till. */
  limits?: Partial<AppLimits>;
  /** Addresses inside the house that may be called. */
  innerReach?: string;
  /** Where messages go out. */
  messages?: MessageSettings;
  /** Lines of the log, as JSON. */
  onLog?: (line: string) => void;
}

const WIDE = { insideMax: 1e6, waitingMax: 1e6, readingMax: 1e6, perCallerMax: 1e6 };
const NO_LIMITS = {
  ...{ perSecond: 1e6, burst: 1e6, takingMs: 30_000 },
  lanes: { counter: WIDE, till: WIDE, files: WIDE },
};

async function addPeople(centre: Centre): Promise<void> {
  const pinHash = await hashPin(CASHIER_PIN, 'c2FsdA==', centre.scrypt);
  const storeId = 'store-2' as StoreId;
  const staffId = 'staff-2' as StaffId;
  await centre.database.transaction((tx) =>
    saveDocuments(tx, [
      {
        kind: 'store',
        id: storeId,
        body: { storeId, version: 1, name: 'Second store', timeZone: 'Asia/Singapore', cutOffHour: 4 },
      },
      {
        kind: 'staff',
        id: staffId,
        body: {
          staffId,
          version: 1,
          login: 'cashier',
          name: 'Arun',
          role: 'cashier',
          pinHash,
          isGone: false,
        },
      },
    ]),
  );
}

/** A CRM without a socket: a chain with two stores, the manager `staff-1` and the cashier `staff-2`. */
export async function openTestCentre(options: TestCentreOptions): Promise<TestCentre> {
  const clock = options.clock ?? { nowMs: () => Date.now() };
  const database = await openDatabase({
    url: options.url ?? null,
    folder: options.folder ?? '',
    onError: () => undefined,
    onDeath: () => undefined,
  });
  await migrate(database, nodeCrypto, clock.nowMs());
  const { onLog } = options;
  const log = onLog === undefined ? pino({ level: 'silent' }) : pino({ level: 'info' }, { write: onLog });
  const { scrypt = quickScrypt } = options;
  const reach = createReach(options.innerReach ?? '');
  const centre = createCentre({
    database,
    clock,
    crypto: nodeCrypto,
    scrypt,
    log,
    reach,
    ...(options.messages && { messages: options.messages }),
  });
  if (options.isEmpty !== true && (await findChain(database.sql)) === null) {
    await setUp(centre, FORM);
    await addPeople(centre);
  }
  const app = buildApp(centre, options.limits ?? NO_LIMITS);
  const close = async (): Promise<void> => {
    await centre.deliverer.stop();
    await centre.sender.stop();
    await app.close();
    await database.close();
  };
  return { centre, app, close };
}
