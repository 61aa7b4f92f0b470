import type { OpId } from '../../../sync/base/ids.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import type { AccountRow, EntryRow } from '../../../sync/model/card.ts';
import type { CardType } from '../../../sync/model/chain.ts';
import { canExpire, rulesOfVersion, rulesOn } from '../../../sync/programmes/card-rules.ts';
import { dueExpiry, type Due } from '../../../sync/programmes/lots.ts';
import { AppError } from '../../contract/errors.ts';
import type { ExpiryResult } from '../../contract/programmes.ts';
import type { Input } from '../../contract/index.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { roleNow } from '../op-writer.ts';
import { cardFacts } from '../views/member-view.ts';
import { actor } from './shared.ts';

/** Accounts between two pauses, so that a cashier's press is not behind a run. */
const ACCOUNTS_PER_STEP = 200;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Account {
  account: AccountRow;
  type: CardType;
  day: string;
}
type Looked = 'none' | 'elsewhere' | 'waiting' | { due: Due[]; last: EntryRow };

/**
 * What is due of one account. Only where this copy holds every movement of it, which the account's own count tells:
 * otherwise the lots can not be known here. And only once all is confirmed, so that no run counts an op that may wait.
 */
function look(ctx: Ctx, { account, type, day }: Account): Looked {
  if (account.balance <= 0) return 'none';
  const copy = ctx.replica();
  const entries = copy
    .entriesOf(account.memberId, Number.MAX_SAFE_INTEGER)
    .filter((entry) => entry.accountId === account.accountId);
  if (entries.length !== account.entryCount) return 'elsewhere';
  const due = dueExpiry(entries, (version) => rulesOfVersion(type, version), day);
  const [last] = entries;
  if (due.length === 0 || last === undefined) return 'none';
  const isOpen = ctx.till.ops
    .listOpen(account.memberId, copy.meta().settled)
    .some(({ op }) => 'accountId' in op.body && op.body.accountId === account.accountId);
  return isOpen ? 'waiting' : { due, last };
}

/** One op for each lot: the lot's own entry is named, so that it can not end twice, wherever this runs. */
function book(ctx: Ctx, { account, type, day }: Account, { due, last }: Exclude<Looked, string>): void {
  for (const { lotOpId, units } of due) {
    ctx.writer.commit({
      opId: ctx.newId<OpId>(),
      session: actor(ctx),
      kind: 'points.expired',
      asked: {},
      make: () => ({
        body: {
          kind: 'points.expired',
          memberId: account.memberId,
          cardId: last.cardId,
          accountId: account.accountId,
          cardTypeVersion: rulesOn(type, day).version,
          points: units,
          // Cast: ids of entries are ids of ops.
          lotOpId: lotOpId as OpId,
          day,
        },
      }),
    });
  }
}

/** Looks at one account, books what is due of it unless it is only counted, and counts it. */
function endOne(ctx: Ctx, of: Account, result: ExpiryResult): void {
  const looked = look(ctx, of);
  if (looked === 'none') return;
  if (typeof looked === 'string') {
    result[looked] += 1;
    return;
  }
  if (!result.isDryRun) book(ctx, of, looked);
  result.accounts += 1;
  result.lots += looked.due.length;
  result.units += looked.due.reduce((sum, { units }) => sum + units, 0);
}

/** Every account of the copy, a stretch at a time. */
async function eachAccount(ctx: Ctx, visit: (account: AccountRow) => void): Promise<void> {
  let after = -1;
  for (;;) {
    const accounts = ctx.replica().accountsAfter(after, ACCOUNTS_PER_STEP);
    accounts.forEach(visit);
    after = accounts.at(-1)?.accountNo ?? after;
    if (accounts.length < ACCOUNTS_PER_STEP) return;
    await pause();
  }
}

function assertMayRun(ctx: Ctx, day: string): void {
  if (!isAtLeast(roleNow(ctx.directory, actor(ctx)), 'supervisor')) {
    throw new AppError('not_allowed', 'Ending points needs a supervisor. Nothing was booked.');
  }
  if (day > cardFacts(ctx).businessDay) {
    throw new AppError(
      'bad_request',
      'That day has not come yet. Nothing was booked; choose today or an earlier one.',
    );
  }
}

/** A run that is under way must not meet itself: its ops are not confirmed before the next exchange. */
const running = new WeakSet<Ctx['till']>();

export const runExpiry: Handler<'expiry.run'> = async (ctx, asked): Promise<ExpiryResult> => {
  assertMayRun(ctx, asked.day);
  return runDueExpiry(ctx, asked);
};

/**
 * The asked day, or the last that has surely come: what a clock that is ahead ends, nobody brings back.
 *
 * @throws AppError `centre_unreachable` Where no day is sure.
 */
function sureDay({ clock, directory }: Ctx, asked: string): string {
  const sureMs = clock.sureMs();
  if (sureMs === null) {
    throw new AppError(
      'centre_unreachable',
      'No exchange with the centre has told this till the time yet, so it can not know what is due. Nothing was ended. Try again once the line is up.',
    );
  }
  const last = directory.businessDay(sureMs, null);
  return asked < last ? asked : last;
}

/** The run itself, for whoever may have been asked: the caller checks. It says up to which day it went. */
export async function runDueExpiry(ctx: Ctx, asked: Input<'expiry.run'>): Promise<ExpiryResult> {
  if (running.has(ctx.till)) throw new AppError('in_use', 'A run is under way. Wait until it is done.');
  const { isDryRun } = asked;
  const day = sureDay(ctx, asked.day);
  running.add(ctx.till);
  const result: ExpiryResult = { day, accounts: 0, lots: 0, units: 0, elsewhere: 0, waiting: 0, isDryRun };
  try {
    const types = new Map(
      ctx.directory
        .cardTypes()
        .filter(canExpire)
        .map((type) => [type.cardTypeId, type]),
    );
    if (types.size > 0) {
      await eachAccount(ctx, (account) => {
        const type = types.get(account.cardTypeId);
        if (type !== undefined) endOne(ctx, { account, type, day }, result);
      });
    }
  } finally {
    running.delete(ctx.till);
  }
  if (result.lots > 0 && !isDryRun) ctx.sync.nudge();
  return result;
}
