import type { RegisterCondition, RegisterFilter, SavedFilter } from '../../../sync/model/register.ts';
import type { Condition, Segment } from '../../../sync/model/segment.ts';
import type { MessageTemplate, SkipReason } from '../../../sync/model/template.ts';
import type { Output } from '../../contract/index.ts';
import type { Ctx } from '../ctx.ts';
import { kindsNow, readChoice } from '../register/desk.ts';

type Reach = Output<'messages.count'>;

const is = (field: string, ...values: string[]): Condition => ({ test: 'oneOf', field, values });

/**
 * Why members of a segment get no such message, the first reason that fits counts: what `skipReasonOf` says of one. Who
 * was anonymised, removed or merged into somebody is in no segment.
 */
function groundsOf({
  channel,
  purpose,
}: Pick<MessageTemplate, 'channel' | 'purpose'>): readonly (readonly [SkipReason, Condition])[] {
  const isMarketing = purpose === 'marketing';
  const address = is(channel === 'email' ? 'email' : 'mobile', 'no');
  return [
    ['blocked', isMarketing ? is('state', 'blocked', 'locked') : is('state', 'blocked')],
    ...(isMarketing ? ([['no_consent', is('marketing', 'no')]] as const) : []),
    ['no_address', address],
  ];
}

/** The other side of a condition on words. */
const not = (condition: Condition): Condition =>
  condition.test === 'oneOf' ? { ...condition, test: 'noneOf' } : condition;

/**
 * Who of a segment would get it now, as far as this till knows, own actions included: without a line, and at a million
 * members in a moment. The centre decides when it goes out.
 */
export async function countReach(
  { segments }: Pick<Ctx, 'segments'>,
  segment: Segment,
  template: Pick<MessageTemplate, 'channel' | 'purpose'>,
): Promise<Reach> {
  const grounds = groundsOf(template);
  const passed = (upTo: number): Condition[] => grounds.slice(0, upTo).map(([, condition]) => not(condition));
  const asked = [
    passed(grounds.length),
    ...grounds.map(([, condition], at) => [...passed(at), condition]),
  ].map((also) => ({ kind: 'segment' as const, segment, also }));
  await segments.todaysBorders();
  const [willGet = 0, ...counts] = await segments.worker().count(asked, segments.asking());
  const willNot = grounds.map(([reason], at) => ({ reason, count: counts[at] ?? 0 }));
  return { willGet, willNot: willNot.filter(({ count }) => count > 0) };
}

/** The same grounds as conditions of the list of members, and the other side of each. */
const ASKED: Readonly<Record<string, (isMet: boolean, condition: Condition) => RegisterCondition>> = {
  state: (isMet, condition) => anyOf('state', isMet, 'values' in condition ? condition.values : []),
  marketing: (isMet) => anyOf('consent', isMet, ['no']),
  email: (isMet) => ({ column: 'email', op: isMet ? 'empty' : 'filled' }),
  mobile: (isMet) => ({ column: 'mobile', op: isMet ? 'empty' : 'filled' }),
};
const anyOf = (column: string, isMet: boolean, values: readonly string[]): RegisterCondition => ({
  ...{ column, op: isMet ? 'anyOf' : 'noneOf', values: [...values] },
});
const asked = (condition: Condition, isMet: boolean): RegisterCondition[] => {
  const rule = ASKED[condition.field]?.(isMet, condition);
  return rule === undefined ? [] : [rule];
};

/** Both: what the filter says, and the rules. */
function joined(filter: RegisterFilter, rules: RegisterCondition[]): RegisterFilter {
  if (filter.match === 'all') return { match: 'all', rules: [...filter.rules, ...rules] };
  // Cast: the list takes groups in groups; only what is saved has one step of them.
  const group = filter as { match: 'any'; rules: RegisterCondition[] };
  return { match: 'all', rules: filter.rules.length === 0 ? rules : [group, ...rules] };
}

/**
 * As `countReach`, of those whom a saved filter means. Waits until the list of members is made: nobody may send before
 * it is counted. Null where there is no such list, as while another copy is put in place.
 */
export async function countFilterReach(
  ctx: Ctx,
  saved: SavedFilter,
  template: Pick<MessageTemplate, 'channel' | 'purpose'>,
): Promise<Reach | null> {
  const thread = await ctx.register.whole().catch(() => null);
  if (thread === null) return null;
  const { filter, search } = readChoice(ctx, saved);
  const grounds = groundsOf(template);
  const sort = { column: 'name', direction: 'up' } as const;
  const place = { sort, offset: 0, limit: 0, nowMs: ctx.clock.nowMs(), kinds: kindsNow(ctx), within: null };
  const count = async (rules: RegisterCondition[]): Promise<number> =>
    (await thread.page({ ...place, search, filter: joined(filter, rules) })).total;
  const passed = (upTo: number): RegisterCondition[] =>
    grounds.slice(0, upTo).flatMap(([, condition]) => asked(condition, false));
  const willGet = await count(passed(grounds.length));
  const willNot: Reach['willNot'] = [];
  for (const [at, [reason, condition]] of grounds.entries()) {
    const many = await count([...passed(at), ...asked(condition, true)]);
    if (many > 0) willNot.push({ reason, count: many });
  }
  return { willGet, willNot };
}
