import type { CallInput, CoreClient, MethodName } from '../../../electron/contract/index.ts';
import type { ActionReply, EntryView } from '../../../electron/contract/views.ts';
import { newOpId } from '../../lib/new-op-id.ts';

type OpId = EntryView['opId'];
/** Commands on a member that answer with the member. */
export type DeedMethod = Exclude<
  | Extract<
      Exclude<MethodName, 'cards.list' | 'cards.listAttributes'>,
      `cards.${string}` | `stamps.${string}` | `points.${string}` | `visits.${string}`
    >
  | OtherDeed,
  never
>;
type OtherDeed =
  | 'credit.topUp'
  | 'credit.earn'
  | 'credit.spend'
  | 'rewards.redeem'
  | 'entries.undo'
  | 'members.setState'
  | 'members.edit'
  | 'members.setExtras'
  | 'members.remove'
  | 'members.restoreRemoved'
  | 'members.anonymise'
  | 'purchases.edit'
  | 'consents.record'
  | 'receipts.add'
  | 'receipts.check'
  | 'receipts.takeBack';

/** A command without its op id. */
export type IntentCall = {
  [Name in DeedMethod]: { readonly method: Name; readonly input: Omit<CallInput<Name>, 'opId'> };
}[DeedMethod];

/** Something a person wants done, named before the first try: tried again, it is still the same. */
export interface Intent {
  readonly opId: OpId;
  readonly call: IntentCall;
}

/** The same press after one that failed is that one tried again: it may have been saved all the same. */
export const intentFor = (call: IntentCall, last: { status: string; intent?: Intent }): Intent =>
  last.status === 'failed' && last.intent && JSON.stringify(last.intent.call) === JSON.stringify(call)
    ? last.intent
    : { opId: newOpId(), call };

/** What is left of a call once it was heard: nobody's PIN stays in the page. */
export function withoutPin(intent: Intent): Intent {
  const { method, input } = intent.call;
  if (!('second' in input)) return intent;
  const { second: _second, ...rest } = input;
  // Cast: it is only shown from now on, never sent.
  return { ...intent, call: { method, input: rest } as IntentCall };
}

export const sendIntent = (core: CoreClient, { opId, call }: Intent): Promise<ActionReply> => {
  // Cast: TypeScript can not link a union's method to its own input; `IntentCall` was built as a pair.
  const send = core[call.method] as (input: unknown) => Promise<ActionReply>;
  return send({ ...call.input, opId });
};

/** Entries that can be countered move a balance; the rest (states, consent, cards) has ways back of its own. */
const COUNTERABLE: ReadonlySet<DeedMethod> = new Set<DeedMethod>([
  'stamps.add',
  'points.credit',
  'points.debit',
  'visits.deduct',
  'visits.add',
  'credit.topUp',
  'credit.earn',
  'credit.spend',
  'rewards.redeem',
]);
export const isCounterable = ({ call }: Intent): boolean => COUNTERABLE.has(call.method);
