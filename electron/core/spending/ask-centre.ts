import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../../../sync/base/clock.ts';
import type { AccountId, OpId } from '../../../sync/base/ids.ts';
import type { OpBody } from '../../../sync/model/op.ts';
import {
  HOLDS_LET_GO_MAX,
  HOLDS_WANTED_MAX,
  type HoldsReply,
  type HoldsRequest,
} from '../../../sync/protocol/holds.ts';
import { DbError } from '../../../db/errors.ts';
import type { OwnSpill } from '../spill.ts';
import { CentreFault, createCentreClient, type CentreClient } from '../centre-client.ts';
import type { Ctx } from '../ctx.ts';
import type { Enrolment, Grants, TillSettings } from '../till-settings.ts';
import type { TillDb } from '../../../db/till/types.ts';
import type { ReplicaDb } from '../../../db/replica/types.ts';
import { spokenBy } from '../speaking.ts';

/** A cashier with a queue waits no longer than this for an answer that only the centre can give. */
const RESERVE_BUDGET_MS = 800;
/** More own ops than this wait only after days without a line. */
const ON_THE_WAY_MAX = 500;
const GRANTS_EVERY_MS = 10 * 60_000;
const RECENT_MEMBERS = 20;

/** One question that a cashier waits for; null when the line is down, or no answer came in time. */
async function askNow(ctx: Ctx, asked: Pick<HoldsRequest, 'reserve' | 'letGo'>): Promise<HoldsReply | null> {
  const enrolment = ctx.settings.enrolment();
  if (enrolment === null || !ctx.sync.isLineUp()) return null;
  const { connect = createCentreClient } = ctx;
  const centre = connect({ ...enrolment, timeoutMs: RESERVE_BUDGET_MS });
  const { tillId, incarnation } = enrolment;
  const lastTseq = ctx.till.ops.last()?.tseq ?? 0;
  try {
    return await centre.holds({
      protocol: spokenBy(ctx.settings),
      ...{ tillId, incarnation, lastTseq, want: [] },
      ...asked,
    });
  } catch (cause) {
    if (cause instanceof CentreFault) return null;
    throw cause;
  }
}

const sleep = (ms: number): Promise<void> => setTimeout(ms);

/**
 * What was earned here a moment ago and is on its way is nobody's to spend until it has arrived: neither this till's
 * alone any more, nor free at the centre. @returns True when there was some, and it arrived within the time that a
 * cashier waits.
 */
export async function untilArrived(ctx: Ctx, accountId: AccountId): Promise<boolean> {
  const { ops } = ctx.till;
  const isMine = (body: OpBody): boolean =>
    body.kind === 'member.created'
      ? body.card?.accountId === accountId
      : 'accountId' in body && body.accountId === accountId;
  if (!ops.listAfter(ops.ackedTseq(), ON_THE_WAY_MAX).some(({ op }) => isMine(op.body))) return false;
  const arrived = ctx.sync.run().then(
    () => true,
    () => false,
  );
  return Promise.race([arrived, (ctx.sleep ?? sleep)(RESERVE_BUDGET_MS).then(() => false)]);
}

/** Ops whose units are being given back, as far as is known: that word may arrive at any time yet. */
const givingBack = new Set<OpId>();

/**
 * Asks the centre to set units aside for an op.
 *
 * @returns null when the line is down, no answer came in time, or an earlier reservation of the same op may still be
 *   on its way back: then the till's own rules decide
 */
export const askForUnits = async (
  ctx: Ctx,
  wanted: { accountId: AccountId; units: number; opId: OpId },
): Promise<HoldsReply | null> =>
  givingBack.has(wanted.opId) ? null : askNow(ctx, { reserve: wanted, letGo: [] });

/** The op was not made after all. Where the line is down just then, the reservation lapses by itself. */
export async function giveUnitsBack(ctx: Ctx, opId: OpId): Promise<void> {
  givingBack.add(opId);
  if ((await askNow(ctx, { reserve: null, letGo: [opId] })) !== null) givingBack.delete(opId);
}

interface GrantParts {
  till: TillDb;
  replica: () => ReplicaDb;
  settings: TillSettings;
  clock: Clock;
  log: Logger;
  spill?: Pick<OwnSpill, 'settle'> | undefined;
}

/** Accounts of the members who were served here last: where the next spend is likely. */
function recentAccounts({ till, replica }: GrantParts): AccountId[] {
  const accounts = till.ops.recentMembers(RECENT_MEMBERS).flatMap((id) => replica().accountsOf(id));
  return accounts
    .filter(({ balance }) => balance > 0)
    .map(({ accountId }) => accountId)
    .slice(0, HOLDS_WANTED_MAX);
}

/** Gives up grants whose members have not been here lately; noted before it is sent, so that none is used twice. */
function giveUp({ till, settings }: GrantParts, wanted: readonly AccountId[]): string[] {
  const grants = settings.grants();
  const idle = Object.entries(grants).filter(
    ([accountId, { left }]) => left === 0 || !wanted.includes(accountId as AccountId),
  );
  if (idle.length === 0) return settings.lettingGo();
  const kept = Object.fromEntries(
    Object.entries(grants).filter(([id]) => !idle.some(([gone]) => gone === id)),
  );
  const letting = [...settings.lettingGo(), ...idle.map(([, { holdId }]) => holdId)].slice(-HOLDS_LET_GO_MAX);
  till.transaction(() => {
    settings.setGrants(kept);
    settings.setLettingGo(letting);
  });
  return letting;
}

/**
 * The centre's word is all that a till has: a grant that it does not list is ended there, and its units may be another
 * till's by now. What was spent here while the answer was under way stays spent.
 */
function grantsAfter(known: Grants, told: HoldsReply['grants']): Grants {
  const after = told.map(({ accountId, holdId, left }) => {
    const mine = known[accountId];
    return [accountId, { holdId, left: mine?.holdId === holdId ? Math.min(left, mine.left) : left }] as const;
  });
  return Object.fromEntries(after);
}

/** False while an op that failed may come back with the next start: the till can not say yet that all has arrived. */
function isSettled({ spill, log }: GrantParts): boolean {
  try {
    spill?.settle();
    return true;
  } catch (cause) {
    if (!(cause instanceof DbError)) throw cause;
    log.warn({ code: cause.code }, 'no grants: the spill file can not be written');
    return false;
  }
}

/**
 * Now and then, after a complete exchange: grants for the members who were here last, so that they can spend
 * when the line drops. Asked also when none is wanted: a reservation without an op lapses at the centre only when its
 * till says that nothing is on its way. Never while own ops are on their way: the centre must have
 * booked what was spent under a grant first.
 */
export async function refreshGrants(
  parts: GrantParts,
  enrolment: Enrolment,
  centre: CentreClient,
): Promise<void> {
  const { till, settings, clock, log } = parts;
  const nowMs = (): number => clock.nowMs();
  const askedAtMs = settings.grantsAskedAtMs();
  const isFresh = askedAtMs !== null && Math.abs(nowMs() - askedAtMs) < GRANTS_EVERY_MS;
  if (isFresh || till.ops.counts().outstanding > 0 || !isSettled(parts)) return;
  const want = recentAccounts(parts);
  const letGo = giveUp(parts, want);
  const { tillId, incarnation } = enrolment;
  const lastTseq = till.ops.last()?.tseq ?? 0;
  const request = { protocol: spokenBy(settings), tillId, incarnation, lastTseq, reserve: null, want, letGo };
  const reply = await centre.holds(request).catch((cause: unknown) => {
    if (!(cause instanceof CentreFault)) throw cause;
    log.debug({ code: cause.code }, 'no grants this time');
    return null;
  });
  if (reply === null) return;
  till.transaction(() => {
    settings.setGrants(grantsAfter(settings.grants(), reply.grants));
    settings.setLettingGo([]);
    settings.setGrantsAskedAtMs(nowMs());
  });
}
