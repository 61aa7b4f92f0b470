import type { Override } from '../../../db/replica/columns/segment-engine.ts';
import type { MemberId, OpId } from '../../../sync/base/ids.ts';
import { EXTRAS_MAX, readExtras } from '../../../sync/model/extras.ts';
import type { TagRule } from '../../../sync/model/segment.ts';
import { isSegmented } from '../../../sync/segments/facts.ts';
import type { TagRun } from '../../contract/segments.ts';
import type { Session } from '../../contract/till.ts';
import type { Core } from '../ctx.ts';
import { toPerson } from '../directory.ts';
import { createSlices, SAVING_SLICE_MS } from '../imports/slices.ts';
import { listOpenMembers } from '../register/own-members.ts';
import { settleRules } from './tag-rules.ts';

/** Looks whether something changed; cheap. */
const LOOK_EVERY_MS = 5_000;
/** Rules are tried over everybody no more often, unless a rule changed or members were left over. */
const RUN_EVERY_MS = 10 * 60_000;
/** Members that one run changes for one rule. */
const CHANGES_MAX = 1_000;
/** So many members with own actions that wait for the centre: first these, then more. */
const OPEN_MAX = 2_000;
/** Members between two looks at the clock, saved in one transaction. */
const PER_COMMIT = 20;

type Parts = Pick<
  Core,
  | 'clock'
  | 'settings'
  | 'directory'
  | 'till'
  | 'replica'
  | 'overlay'
  | 'segments'
  | 'writer'
  | 'isUpdateNeeded'
  | 'newId'
  | 'log'
>;
type Change = { rule: TagRule; isOn: boolean; session: Session };

/** A rule about days must not count them by a clock that nobody can vouch for. */
function isClockInDoubt({ clock, settings, till }: Parts): boolean {
  const last = till.ops.last();
  return (
    settings.trustedClock() === null || clock.aheadMs() !== 0 || (last !== null && clock.isProvenAhead(last))
  );
}

function whyResting(parts: Parts): TagRun['resting'] {
  if (parts.isUpdateNeeded()) return 'update';
  if (parts.replica().meta().settled === 0) return 'filling';
  return isClockInDoubt(parts) ? 'clock' : null;
}

/** Rules of this till, with who answers for each. One whose owner is a manager no more rests. */
function ownRules({ directory, settings, clock }: Parts): { rule: TagRule; session: Session }[] {
  const tillId = settings.enrolment()?.tillId;
  const rules = settleRules(directory.documents('tag-rule').map(({ body }) => body));
  return rules.flatMap((rule) => {
    const owner = directory.staff(rule.ownerId);
    if (rule.authorTillId !== tillId || owner === undefined || owner.isGone || owner.role !== 'manager')
      return [];
    return [{ rule, session: { person: toPerson(owner), startedAtMs: clock.nowMs() } }];
  });
}

/** Whoever has own actions under way is judged when the centre has answered; null while these are too many. */
function openMembers({ till, replica }: Parts): Override[] | null {
  const all = new Set<MemberId>();
  for (const memberIds of listOpenMembers(till, replica().meta().settled)) {
    for (const memberId of memberIds) all.add(memberId);
    if (all.size > OPEN_MAX) return null;
  }
  return [...all].map((memberId) => ({ memberId, facts: null }));
}

/** True where the tag is not yet as the rule wants it, by everything that this till knows. */
function isNews({ overlay }: Parts, memberId: MemberId, { rule, isOn }: Change): boolean {
  const laid = overlay.lay(memberId);
  if (laid === undefined || !isSegmented(laid.member)) return false;
  const { tags } = readExtras(laid.member.extras);
  return tags.includes(rule.tag) !== isOn && (!isOn || tags.length < EXTRAS_MAX);
}

function commitSome(parts: Parts, memberIds: readonly MemberId[], change: Change): number {
  const news = memberIds.filter((memberId) => isNews(parts, memberId, change));
  const { tag } = change.rule;
  const tags = change.isOn ? { add: [tag], remove: [] } : { add: [], remove: [tag] };
  parts.writer.commitAll(change.session, (add) => {
    for (const memberId of news)
      add({ opId: parts.newId<OpId>(), body: { kind: 'member.extras', memberId, tags } });
  });
  return news.length;
}

/**
 * Puts tags on members as the chain's rules say, and takes them off again. Each rule is the work of one till alone,
 * in the name of the manager who wrote it: two tills with copies of different age would undo each other's work. A run
 * that breaks off is gone on with by the next, which finds what is done already.
 */
export function createTagRunner(parts: Parts) {
  let running: Promise<TagRun> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let last = { rules: '', writes: -1, day: '', atMs: Number.NEGATIVE_INFINITY, isMore: false };

  const commitAll = async (memberIds: readonly MemberId[], change: Change): Promise<number> => {
    const slices = createSlices(SAVING_SLICE_MS);
    let count = 0;
    for (let at = 0; at < memberIds.length && !isClosed; at += PER_COMMIT) {
      // The clock, the owner's role or the files may be others than when the run began.
      if (whyResting(parts) !== null) break;
      count += commitSome(parts, memberIds.slice(at, at + PER_COMMIT), change);
      await slices.pause();
    }
    return count;
  };

  const tryRules = async (): Promise<TagRun> => {
    const run: TagRun = { rules: 0, tagged: 0, untagged: 0, isMore: false, resting: whyResting(parts) };
    const rules = run.resting === null ? ownRules(parts) : [];
    run.rules = rules.length;
    for (const { rule, session } of rules) {
      const overrides = openMembers(parts);
      if (overrides === null) run.isMore = true;
      if (overrides === null || isClosed) break;
      // Rules on recency, frequency and money need the fifths of today.
      await parts.segments.todaysBorders();
      const asking = { atMs: parts.clock.nowMs(), overrides };
      const { add, lift } = await parts.segments.worker().tagChanges(rule, asking, CHANGES_MAX);
      run.tagged += await commitAll(add, { rule, isOn: true, session });
      run.untagged += await commitAll(lift, { rule, isOn: false, session });
      run.isMore ||= add.length === CHANGES_MAX || lift.length === CHANGES_MAX;
    }
    return run;
  };

  const run = (): Promise<TagRun> => {
    running ??= tryRules().finally(() => {
      running = null;
    });
    return running;
  };

  /** What a run depends on; a new day counts, because rules ask for days. */
  const stateNow = () => ({
    rules: JSON.stringify(ownRules(parts).map(({ rule }) => rule)),
    writes: parts.replica().writes(),
    day: new Date(parts.clock.nowMs()).toISOString().slice(0, 10),
  });

  const look = async (): Promise<void> => {
    if (running !== null || whyResting(parts) !== null) return;
    const now = stateNow();
    const atMs = parts.clock.monotonicMs();
    const isSame = now.rules === last.rules && now.writes === last.writes && now.day === last.day;
    const isSoon = now.rules !== last.rules || last.isMore || atMs - last.atMs >= RUN_EVERY_MS;
    if (now.rules === '[]' || isSame || !isSoon) return;
    last = { ...now, atMs, isMore: false };
    last.isMore = (await run()).isMore;
  };

  return {
    /** Tries all rules of this till now, or waits for the run that is under way. */
    run,
    start: (): void => {
      const told = (cause: unknown): void => parts.log.warn({ err: cause }, 'the tag rules were not tried');
      timer = setInterval(() => void look().catch(told), LOOK_EVERY_MS);
      timer.unref();
    },
    /** Resolves when nothing is being saved any more; the rest is for the next start. */
    close: async (): Promise<void> => {
      isClosed = true;
      clearInterval(timer);
      await running?.catch(() => undefined);
    },
  };
}
export type TagRunner = ReturnType<typeof createTagRunner>;
