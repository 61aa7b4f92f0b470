import { eq, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Connection } from '../../open.ts';
import { remembered, type Remembered } from '../../remembered.ts';
import { settings } from '../schema/settings.ts';
import type { Parser, SettingsRepo } from '../types.ts';

export function settingsRepo(raw: Connection, db: BetterSQLite3Database): SettingsRepo {
  const byKey = eq(settings.key, sql.placeholder('key'));
  const find = db.select({ value: settings.value }).from(settings).where(byKey).prepare();
  const upsert = db
    .insert(settings)
    .values({ key: sql.placeholder('key'), value: sql.placeholder('value') })
    .onConflictDoUpdate({ target: settings.key, set: { value: sql`excluded.value` } })
    .prepare();
  const remove = db.delete(settings).where(byKey).prepare();
  const keys = db.select({ key: settings.key }).from(settings).prepare();
  const kept = new Map<string, { schema: unknown; value: Remembered<unknown> }>();
  return {
    get: <T>(key: string, schema: Parser<T>): T | undefined => {
      let setting = kept.get(key);
      if (setting?.schema !== schema) {
        const value = remembered(raw, () => {
          const found = find.get({ key });
          return found === undefined ? undefined : schema.parse(found.value);
        });
        kept.set(key, (setting = { schema, value }));
      }
      // Cast: it was read by this very schema.
      return setting.value.get() as T | undefined;
    },
    set: (key, value) => {
      kept.delete(key);
      upsert.run({ key, value });
    },
    remove: (key) => {
      kept.delete(key);
      remove.run({ key });
    },
    keys: () => keys.all().map(({ key }) => key),
  };
}
