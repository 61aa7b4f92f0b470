import type { Condition, Segment } from '../../../sync/model/segment.ts';
import type { MessageTemplate, SkipReason } from '../../../sync/model/template.ts';
import type { Output } from '../../contract/index.ts';
import type { Ctx } from '../ctx.ts';

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
