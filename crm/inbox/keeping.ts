import type { Centre } from '../centre.ts';
import type { Database } from '../database.ts';
import { toLogged } from '../log.ts';
import { forgetAnswered } from '../repos/inbox.ts';
import { forgetRequests } from '../repos/integration-requests.ts';
import { InboxKind } from '../../sync/model/inbox.ts';

const DAY_MS = 86_400_000;
/** A conflict holds a person's values: kept for as long as somebody may come back with the other one. */
const CONFLICT_DAYS = 90;
/** The rest tells what was decided about ops and pairs: as long as the audit log. */
const OTHER_DAYS = 730;
/** Nobody repeats a request for longer. */
const REQUEST_DAYS = 7;

/**
 * Drops answered items that are past their time; open ones stay for good. A pair that was kept apart is never
 * proposed again within that time.
 *
 * @returns How many went.
 */
export async function forgetOldItems(database: Database, nowMs: number): Promise<number> {
  return database.transaction(async (tx) => {
    const conflicts = await forgetAnswered(tx, nowMs - CONFLICT_DAYS * DAY_MS, ['field_conflict']);
    const others = InboxKind.options.filter((kind) => kind !== 'field_conflict');
    await forgetRequests(tx, nowMs - REQUEST_DAYS * DAY_MS);
    return conflicts + (await forgetAnswered(tx, nowMs - OTHER_DAYS * DAY_MS, others));
  });
}

/** Looks once a day, and at once; several processes may. @returns Stops it. */
export function startKeeping({
  database,
  clock,
  log,
}: Pick<Centre, 'database' | 'clock' | 'log'>): () => void {
  const look = (): void => {
    forgetOldItems(database, clock.nowMs()).catch((cause: unknown) =>
      log.warn({ cause: toLogged(cause) }, 'answered items could not be dropped'),
    );
  };
  look();
  const timer = setInterval(look, DAY_MS).unref();
  return () => clearInterval(timer);
}
