/** Tills that keep their stamps in WatermelonDB, on SQLite: one in each folder given as argument. */
import { join } from 'node:path';
import { answerParent } from '../answering.ts';
import { COLUMNS, toRaw, type MelonRow, type Pulled, type Pushed } from './melon-shape.ts';
import { loadPeer } from './packages.ts';
import type { PeerStamp } from './stamp.ts';

interface Collection {
  prepareCreateFromDirtyRaw(raw: MelonRow): object;
  query(): { fetchCount(): Promise<number> };
}
interface Melon {
  get(table: string): Collection;
  write(act: () => Promise<void>): Promise<void>;
  batch(records: object[]): Promise<void>;
}
interface Syncing {
  database: Melon;
  pullChanges(asked: { lastPulledAt?: number | null }): Promise<Pulled>;
  pushChanges(pushed: Pushed): Promise<void>;
  sendCreatedAsUpdated: boolean;
}
const { Database, Model, appSchema, tableSchema } = loadPeer('@nozbe/watermelondb') as {
  Database: new (options: { adapter: unknown; modelClasses: unknown[] }) => Melon;
  Model: new () => object;
  appSchema: (schema: object) => unknown;
  tableSchema: (schema: object) => unknown;
};
const { default: SQLiteAdapter } = loadPeer('@nozbe/watermelondb/adapters/sqlite') as {
  default: new (options: object) => unknown;
};
const { synchronize } = loadPeer('@nozbe/watermelondb/sync') as {
  synchronize: (options: Syncing) => Promise<void>;
};

class Stamp extends Model {
  static table = 'stamps';
}

const schema = appSchema({ version: 1, tables: [tableSchema({ name: 'stamps', columns: COLUMNS })] });
const tills = process.argv.slice(2).map((folder) => {
  const adapter = new SQLiteAdapter({ dbName: join(folder, 'till.db'), schema });
  return new Database({ adapter, modelClasses: [Stamp] });
});

async function post<Answer>(url: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Answer;
}

const syncOne = (database: Melon, url: string): Promise<void> =>
  synchronize({
    database,
    pullChanges: ({ lastPulledAt }) => post<Pulled>(`${url}/pull`, { lastPulledAt: lastPulledAt ?? null }),
    pushChanges: async ({ changes }) => void (await post(`${url}/push`, { changes })),
    // The centre says nothing of what is new to whom; else it would call each of a till's own rows a fault.
    sendCreatedAsUpdated: true,
  });

const fill = (database: Melon, made: readonly PeerStamp[]): Promise<void> => {
  const stamps = database.get('stamps');
  return database.write(() =>
    database.batch(made.map((stamp) => stamps.prepareCreateFromDirtyRaw(toRaw(stamp)))),
  );
};

answerParent({
  /** Each its own. */
  fill: (made: PeerStamp[][]) => Promise.all(tills.map((till, at) => fill(till, made[at] ?? []))),
  /** All of them at once. */
  sync: (url: string) => Promise.all(tills.map((till) => syncOne(till, url))),
  counts: () => Promise.all(tills.map((till) => till.get('stamps').query().fetchCount())),
});
