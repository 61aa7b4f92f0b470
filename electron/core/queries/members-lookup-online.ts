import { setTimeout as delay } from 'node:timers/promises';
import { toSearchPlan } from '../../../sync/base/search-key.ts';
import { EMPTY_ROWS } from '../../../sync/model/feed.ts';
import type { FindKeys, FindReply } from '../../../sync/protocol/find.ts';
import type { Output } from '../../contract/index.ts';
import { CentreFault, createCentreClient } from '../centre-client.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { lookupMembers } from './members-lookup.ts';
import { wholeKeysOf } from './whole-keys.ts';
import { spokenBy } from '../speaking.ts';

/** A cashier with a queue waits no longer than this, whatever the line does. */
export const ASK_BUDGET_MS = 1_500;

type Outcome = Output<'members.lookupOnline'>['outcome'];

/** Null: no answer in time, or none at all. */
async function ask(ctx: Ctx, keys: FindKeys, timeoutMs: number): Promise<FindReply | null> {
  const enrolment = ctx.settings.enrolment();
  if (enrolment === null) return null;
  const { connect = createCentreClient } = ctx;
  const { tillId, incarnation } = enrolment;
  const { cursor } = ctx.replica().meta();
  try {
    const centre = connect({ ...enrolment, timeoutMs });
    return await centre.find({ protocol: spokenBy(ctx.settings), tillId, incarnation, cursor, keys });
  } catch (cause) {
    if (!(cause instanceof CentreFault)) throw cause;
    ctx.log.debug({ code: cause.code }, 'the centre could not be asked');
    return null;
  }
}

/**
 * Makes sure that the till knows what became of its ops up to `hiTseq`: a row may hold one of them, and it would be
 * laid over it once more.
 */
async function knowsFates(ctx: Ctx, hiTseq: number, withinMs: number): Promise<boolean> {
  const isKnown = (): boolean => ctx.till.ops.ackedTseq() >= hiTseq;
  if (isKnown()) return true;
  const overdue = new AbortController();
  const run = ctx.sync.run().catch(() => undefined);
  await Promise.race([run, delay(withinMs, undefined, { signal: overdue.signal }).catch(() => undefined)]);
  overdue.abort();
  return isKnown();
}

/**
 * Takes the rows of an answer into the copy, as a pull would: none goes backwards, and the cursor stays. False where
 * they do not fit it any more.
 */
function takeRows(ctx: Ctx, { epoch, erasureNo, releases, rows }: FindReply): boolean {
  const copy = ctx.replica();
  const meta = copy.meta();
  // One that has heard nothing yet may be the copy of after a centre was put back, and the answer of before that. And
  // whoever was anonymised after this answer was made must not come back by it.
  if (copy.isNewer || meta.epoch !== epoch || copy.purged() > erasureNo) return false;
  ctx.till.transaction(() => ctx.till.ops.recordReleases(releases));
  copy.apply({ ...EMPTY_ROWS, ...rows }, { epoch: meta.epoch, cursor: meta.cursor, isSettled: false });
  ctx.publish('data.changed', { memberIds: rows.members.map(({ memberId }) => memberId) });
  // What lies between the copy and these rows follows at once.
  ctx.sync.nudge();
  return true;
}

async function findOnline(ctx: Ctx, text: string): Promise<Outcome> {
  const asked = wholeKeysOf(toSearchPlan(text, ctx.directory.country()), ctx.directory.chain()?.cardPrefix);
  if (asked === null) return 'no_key';
  if (!ctx.sync.isLineUp()) return 'no_line';
  const untilMs = ctx.clock.monotonicMs() + ASK_BUDGET_MS;
  const leftMs = (): number => Math.max(1, Math.ceil(untilMs - ctx.clock.monotonicMs()));
  const reply = await ask(ctx, asked.keys, leftMs());
  if (reply === null) return 'no_line';
  if (reply.found.length === 0) return 'nobody';
  if (!(await knowsFates(ctx, reply.hiTseq, leftMs()))) return 'no_line';
  return takeRows(ctx, reply) ? 'found' : 'no_line';
}

/**
 * Somebody whom this till's copy does not hold: asked for by a whole key, and pulled in. A write to the copy, which
 * holds what the centre confirmed; nothing of anybody's is made here.
 */
export const lookupMembersOnline: Handler<'members.lookupOnline'> = async (ctx, { text }) => {
  const outcome = await findOnline(ctx, text);
  return { outcome, found: await lookupMembers(ctx, { text }) };
};
