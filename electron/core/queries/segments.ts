import type { Chosen } from '../../../db/replica/columns/segment-engine.ts';
import type { Within } from '../../../db/replica/register/register-types.ts';
import { maskPhone } from '../../../sync/base/phone.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import { isSegmentTag, Segment } from '../../../sync/model/segment.ts';
import { dayNumber, NONE } from '../../../sync/segments/columns.ts';
import { explain } from '../../../sync/segments/explain.ts';
import { nameOf, scoreMember, usualGap, type RfmBorders } from '../../../sync/segments/rfm.ts';
import { AppError } from '../../contract/errors.ts';
import type { MemberSegments, RfmView, SegmentChoice, SegmentMember } from '../../contract/segments.ts';
import { getLaid } from '../commands/shared.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { roleNow } from '../op-writer.ts';
import type { Laid } from '../overlay.ts';
import { factsOf } from '../segments/segment-desk.ts';
import { nameOf as personName } from '../views/member-view.ts';

/** Lists of people are for those who work at the desk. Support's command line has no person. */
function assertDesk({ directory, session }: Ctx): void {
  if (session !== null && !isAtLeast(roleNow(directory, session), 'supervisor'))
    throw new AppError('not_allowed', 'Segments need a supervisor. Nothing was changed.');
}

const segmentsOf = (ctx: Ctx): { segment: Segment; isPending: boolean }[] =>
  ctx.directory
    .documents('segment')
    .map(({ body, isPending }) => ({ segment: body, isPending }))
    .filter(({ segment }) => !segment.isRetired);

export const listSegments: Handler<'segments.list'> = async (ctx) => {
  assertDesk(ctx);
  const all = segmentsOf(ctx);
  if (all.length === 0) return [];
  const chosen = all.map(({ segment }): Chosen => ({ kind: 'segment', segment }));
  await ctx.segments.todaysBorders();
  const counts = await ctx.segments.worker().count(chosen, ctx.segments.asking());
  return all.map((each, at) => ({ ...each, members: counts[at] ?? 0 }));
};

/** Nobody can have been put into a segment that was never saved. */
const UNSAVED = '(unsaved)';

export const trySegment: Handler<'segments.try'> = async (ctx, { rules, segmentId, ...share }) => {
  assertDesk(ctx);
  await ctx.segments.todaysBorders();
  const named = { segmentId: segmentId ?? UNSAVED, version: 1, name: UNSAVED };
  const segment = Segment.parse({ ...named, ...rules, ...share });
  const [members = 0] = await ctx.segments
    .worker()
    .count([{ kind: 'segment', segment }], ctx.segments.asking());
  return { members };
};

function toChosen(ctx: Ctx, choice: SegmentChoice): Chosen {
  if (choice.kind !== 'segment') return choice;
  const found = segmentsOf(ctx).find(({ segment }) => segment.segmentId === choice.segmentId);
  if (found === undefined)
    throw new AppError(
      'not_found',
      'There is no such segment any more. Nothing was changed; choose another.',
    );
  return { kind: 'segment', segment: found.segment };
}

/** Everybody of a segment for the list of all members; null for a list that no segment bounds. */
export const withinOf = async (ctx: Ctx, choice: SegmentChoice | null): Promise<Within | null> =>
  choice === null ? null : ctx.segments.within(toChosen(ctx, choice));

function toSegmentMember(laid: Laid, borders: RfmBorders): SegmentMember {
  const { holdings } = factsOf(laid, borders);
  const { member } = laid;
  return {
    memberId: member.memberId,
    name: personName(member),
    maskedMobile: member.mobile === null ? '' : maskPhone(member.mobile),
    tier: member.tier,
    lastActive: holdings.lastActive === NONE ? null : holdings.lastActive,
    purchases: holdings.purchases,
    spentMinor: holdings.spent,
  };
}

export const listSegmentMembers: Handler<'segments.members'> = async (ctx, { choice, offset, limit }) => {
  assertDesk(ctx);
  const borders = await ctx.segments.todaysBorders();
  const worker = ctx.segments.worker();
  const page = await worker.list(toChosen(ctx, choice), ctx.segments.asking(), { offset, limit });
  const laid = page.memberIds.map((id) => ctx.overlay.lay(id)).filter((each) => each !== undefined);
  return { total: page.total, members: laid.map((each) => toSegmentMember(each, borders)) };
};

export const getRfm: Handler<'segments.rfm'> = async (ctx) => {
  assertDesk(ctx);
  await ctx.segments.todaysBorders();
  const asking = ctx.segments.asking();
  const { borders, grid, names } = await ctx.segments.worker().rfm(asking);
  const { lastActive, purchases, spent, members } = borders;
  return {
    borders: { lastActive: [...lastActive], purchases: [...purchases], spent: [...spent], members },
    ...{ grid, names, today: dayNumber(asking.atMs) },
  };
};

const WORDS_MAX = 100;

export const listSegmentWords: Handler<'segments.words'> = async (ctx, { field }) => {
  assertDesk(ctx);
  const words = await ctx.segments.worker().words(field, WORDS_MAX);
  return field === 'tags' ? words.filter(({ word }) => !isSegmentTag(word)) : words;
};

function rfmView(ctx: Ctx, laid: Laid, borders: RfmBorders): RfmView | null {
  const { holdings } = factsOf(laid, borders);
  const score = scoreMember(holdings, borders);
  if (score === null || holdings.lastActive === NONE) return null;
  const firstSeen = Math.min(...laid.people.map(({ createdAtMs }) => dayNumber(createdAtMs)));
  return {
    name: nameOf(score),
    ...score,
    daysSince: Math.max(0, dayNumber(ctx.clock.nowMs()) - holdings.lastActive),
    usualDays: usualGap({ ...holdings, purchases: holdings.visits }, firstSeen),
    purchases: holdings.purchases,
    spentMinor: holdings.spent,
  };
}

/** For whoever serves her: which segments she is in and why, with the line down as well. */
export const getMemberSegments: Handler<'segments.forMember'> = (ctx, { memberId }): MemberSegments => {
  const laid = getLaid(ctx, memberId);
  const { borders, isDrawing } = ctx.segments.borders();
  const { facts } = factsOf(laid, borders);
  const today = { atMs: ctx.clock.nowMs() };
  // What is sensitive in an attribute is not told by the way it is asked for.
  const mayRead = ctx.session !== null && isAtLeast(roleNow(ctx.directory, ctx.session), 'supervisor');
  const segments = segmentsOf(ctx).map(({ segment }) => {
    const { isIn, byHand, reasons } = explain(segment, facts, today);
    return {
      ...{ segment, isIn, byHand },
      reasons: reasons.map(({ condition, words, number }) => ({
        condition,
        words: mayRead || !condition.field.startsWith('custom.') ? [...words] : [],
        number,
      })),
    };
  });
  return { rfm: rfmView(ctx, laid, borders), isDrawing, segments };
};
