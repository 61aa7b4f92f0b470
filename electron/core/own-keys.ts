import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { TillDb } from '../../db/till/types.ts';
import { searchKeys } from '../../sync/base/search-key.ts';
import type { MemberId, OpId } from '../../sync/base/ids.ts';
import type { Op } from '../../sync/model/op.ts';
import { cardKeys } from './commands/new-card.ts';

/** Ops of one step: some five milliseconds. */
const OPS_PER_STEP = 200;
const OWED = 'own-keys-below';
const OwedBelow = z.int().min(0);

/** Under which the entry of an edited amount is found, whose op has another id. */
export const entryKey = (entryId: OpId): string => `o${entryId}`;

/** Under which those are found who shall go on as this member. */
export const mergeKey = (intoId: MemberId): string => `m${intoId}`;

/** Keys under which the members, cards and entries that an op made are found. */
export function keysOf({ body }: Op): string[] {
  if (body.kind === 'member.created') {
    const keys = searchKeys({ ...body.fields, supportId: body.supportId });
    return body.card === null ? keys : [...keys, ...cardKeys(body.card)];
  }
  if (body.kind === 'purchase.edited') return [entryKey(body.entryId)];
  if (body.kind === 'member.merged') return [mergeKey(body.intoId)];
  return body.kind === 'card.issued' || body.kind === 'card.replaced' ? cardKeys(body) : [];
}

/**
 * The copy is thrown away: what this till enrolled and issued must be findable without it. Noted in the file, so
 * that a cut forgets none of it; `restoreSomeKeys` does the work.
 */
export const oweOwnKeys = (till: TillDb): void => till.settings.set(OWED, (till.ops.last()?.tseq ?? 0) + 1);

/**
 * Makes keys of the next ops findable again, the newest first: of the old ones the copy will know again, until it
 * does they are all that is known.
 *
 * @returns False when nothing is owed any more.
 */
export function restoreSomeKeys(till: TillDb): boolean {
  const below = till.settings.get(OWED, OwedBelow);
  if (below === undefined) return false;
  const after = Math.max(0, below - 1 - OPS_PER_STEP);
  const step = till.ops.listAfter(after, OPS_PER_STEP).filter(({ op }) => op.tseq < below);
  till.transaction(() => {
    for (const { op, commitment } of step)
      if (commitment === undefined) till.ops.addKeys(op.tseq, op.body.memberId, keysOf(op));
    if (after === 0) till.settings.remove(OWED);
    else till.settings.set(OWED, after + 1);
  });
  return after > 0;
}

/** Goes on with what is owed, between a cashier's calls. One at a time. */
export function createKeyRestorer(till: TillDb, log: Logger) {
  let running: Promise<void> | null = null;
  let isClosed = false;
  const run = async (): Promise<void> => {
    do await nextTurn();
    while (!isClosed && restoreSomeKeys(till));
  };
  return {
    resume: (): void => {
      running ??= run()
        // What is owed stays owed: the next start goes on.
        .catch((cause: unknown) => log.error({ err: cause }, 'keys of own actions could not be restored'))
        .finally(() => (running = null));
    },
    close: async (): Promise<void> => {
      isClosed = true;
      await running;
    },
  };
}
