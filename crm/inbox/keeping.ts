import type { Centre } from '../centre.ts';
import type { Database } from '../database.ts';
import { toLogged } from '../log.ts';
import { forgetAnswered } from '../repos/inbox.ts';
import { forgetRequests } from '../repos/integration-requests.ts';
import { checkBooks } from './check-books.ts';
import { proposeInactive } from './inactive.ts';
import { createHandWatch } from './hand-limits.ts';
import { eraseAnew } from './erase-anew.ts';
import { keepEraseList } from './list-watch.ts';
import { scourWhenDue } from './scouring.ts';
import { InboxKind } from '../../sync/model/inbox.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HAND_MS = 5 * 60_000;
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

/**
 * Drops old items once a day, and at once; adds up what was given by hand every five minutes; adds the books up and
 * proposes inactive members once a day, first after an hour; each hour looks after the list of erasures and takes words
 * of who was anonymised out of the files.
 *
 * @param checkpoint see `scourWhenDue`
 * @returns Stops it.
 */
export function startKeeping(
  centre: Pick<Centre, 'database' | 'clock' | 'crypto' | 'log'>,
  checkpoint: () => Promise<void>,
): () => void {
  const { database, clock, log } = centre;
  const warn =
    (what: string) =>
    (cause: unknown): void =>
      log.warn({ cause: toLogged(cause) }, what);
  let bookedAtMs = clock.nowMs() - DAY_MS + HOUR_MS;
  const look = (): void => {
    forgetOldItems(database, clock.nowMs()).catch(warn('answered items could not be dropped'));
  };
  const add = (): void => {
    if (clock.nowMs() - bookedAtMs < DAY_MS) return;
    bookedAtMs = clock.nowMs();
    checkBooks(centre).catch(warn('the books could not be added up'));
    proposeInactive(centre).catch(warn('inactive members could not be looked for'));
  };
  const scour = (): void => {
    eraseAnew(centre)
      .catch(warn('erasures that the database may have lost could not be looked for'))
      .then(() => keepEraseList(centre, 'running'))
      .catch(warn('the list of erasures could not be looked after'));
    scourWhenDue(centre, checkpoint).catch(warn('the files of the database could not be scoured'));
  };
  const watchHands = createHandWatch(centre);
  const hands = (): void => {
    watchHands().catch(warn('what was given by hand could not be added up'));
  };
  look();
  const timers = [
    setInterval(look, DAY_MS),
    setInterval(add, HOUR_MS),
    setInterval(scour, HOUR_MS),
    setInterval(hands, HAND_MS),
  ];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
