import type { StoredOp } from '../../../db/till/types.ts';
import type { AccountId } from '../../../sync/base/ids.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import type { OpBody, SpendCover } from '../../../sync/model/op.ts';
import { DEFAULT_SPEND_POLICY, type SpendPolicy } from '../../../sync/model/spend-policy.ts';
import type { SpendFacts } from '../../../sync/spending/decide-spend.ts';
import { actor, type CardInHand } from '../commands/shared.ts';
import type { Ctx } from '../ctx.ts';
import type { Laid } from '../overlay.ts';
import { floorOfTill } from './floor-sum.ts';

const HOUR_MS = 3_600_000;

const coverOf = (body: OpBody): SpendCover | undefined => ('cover' in body ? body.cover : undefined);

export const policyOf = (ctx: Ctx): SpendPolicy => ctx.directory.chain()?.spendPolicy ?? DEFAULT_SPEND_POLICY;

/** Sum over some ops of an account. */
const sumOf = (ops: readonly StoredOp[], units: (op: StoredOp) => number): number =>
  ops.reduce((sum, op) => sum + units(op), 0);

const isOn =
  (accountId: AccountId) =>
  ({ op }: StoredOp): boolean =>
    'accountId' in op.body && op.body.accountId === accountId;

/** Earned here, surely not sent, not spent: what may have left the till is the centre's to give out. */
function gainLeft(laid: Laid, accountId: AccountId, sentTseq: number): number {
  const unsent = [...laid.openEntries.values()].filter(
    ({ row, stored }) => row.accountId === accountId && stored.op.tseq > sentTseq,
  );
  const gained = unsent.map(({ row, stored }) => {
    if (row.delta > 0) return row.delta;
    // What was taken back, edited or expired was nobody's spend: it is gone from what was earned.
    const cover = coverOf(stored.op.body);
    return cover === undefined ? row.delta : 0 - cover.gain;
  });
  return Math.max(
    0,
    gained.reduce((sum, units) => sum + units, 0),
  );
}

const hoursSince = (ctx: Ctx, atMs: number | null): number =>
  atMs === null ? Number.POSITIVE_INFINITY : Math.max(0, Math.floor((ctx.clock.nowMs() - atMs) / HOUR_MS));

/** Everything that decides about a spend while the centre can not be asked. */
export function spendFacts(ctx: Ctx, { laid, account, type }: CardInHand, units: number): SpendFacts {
  const own = laid.openOps.filter(isOn(account.accountId));
  const unacked = own.filter(({ ackSeq }) => ackSeq === null);
  return {
    units,
    isCredit: type.kind === 'credit',
    view: account.balance,
    gainLeft: gainLeft(laid, account.accountId, ctx.settings.sentTseq()),
    grantLeft: ctx.settings.grants()[account.accountId]?.left ?? 0,
    floorUsed: {
      account: sumOf(unacked, ({ op }) => coverOf(op.body)?.floor ?? 0),
      ...floorOfTill(ctx.till),
    },
    copyAgeHours: hoursSince(ctx, ctx.settings.lastSyncAtMs()),
    memberAgeHours: hoursSince(ctx, laid.member.createdAtMs),
    isWeak: false,
    isSupervised: isAtLeast(actor(ctx).person.role, 'supervisor'),
  };
}
