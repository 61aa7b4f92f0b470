import { newId, type StaffId, type StoreId } from '../../../sync/base/ids.ts';
import type { Chain, Staff, Store } from '../../../sync/model/chain.ts';
import { DEFAULT_SPEND_POLICY, type SpendPolicy } from '../../../sync/model/spend-policy.ts';
import { moneyText } from '../../lib/parse.ts';

export type ChainPart = 'people' | 'shops' | 'rules';
export type PersonField = 'name' | 'login' | 'role' | 'storeId' | 'pin' | 'pinAgain' | 'ownPin';
export type ShopField = 'name' | 'nameZh' | 'timeZone' | 'cutOffHour';
export type LimitField = keyof SpendPolicy;
export type RulesField =
  | 'name'
  | 'inactiveMonths'
  | 'leftBalance'
  | 'linkBase'
  | 'policyVersion'
  | 'policyText'
  | 'consentMode'
  | LimitField;
export type ChainField = PersonField | ShopField | RulesField;

export type Problem =
  | 'missing'
  | 'wrong'
  | 'login'
  | 'pin'
  | 'again'
  | 'link'
  | 'order'
  | 'months'
  | PolicyProblem
  | 'sameVersion'
  | LimitProblem;
/** Of a text that is no policy's, typed or out of a file. */
export type PolicyProblem = 'long' | 'unseen' | 'noText';
export type LimitProblem = 'number' | 'percent' | 'amount' | 'large';
export type Problems = Readonly<Partial<Record<ChainField, Problem>>>;

interface Form<Part extends ChainPart, Field extends ChainField, Known> {
  readonly part: Part;
  readonly id: string;
  readonly known: Known;
  readonly texts: Readonly<Record<Field, string>>;
  /** Of a person: has left. Of a shop: closed for good. Of the chain: families share a number. */
  readonly isOn: boolean;
}
export type PersonDraft = Form<'people', PersonField, Staff | null>;
export type ShopDraft = Form<'shops', ShopField, Store | null>;
export type RulesDraft = Form<'rules', RulesField, Chain>;
/** One document as it stands in the form. `known`: the version that it was opened from, null for a new one. */
export type ChainDraft = PersonDraft | ShopDraft | RulesDraft;

/** Limits of money are typed in the chain's currency, the others as they are. */
export const MONEY_LIMITS: ReadonlySet<LimitField> = new Set(['creditPerAccount', 'creditGrantMax']);
export const LIMITS = Object.keys(DEFAULT_SPEND_POLICY) as readonly LimitField[];

/** Short enough to be read over the telephone: an id of its own also where two managers add one at a time. */
const shortId = (first: string): string => `${first}-${newId<string>().slice(-8)}`;
const NO_PIN = { pin: '', pinAgain: '', ownPin: '' };

export function toPersonDraft(known: Staff | null): PersonDraft {
  const { name = '', login = '', role = 'cashier', storeId = '', isGone = false } = known ?? {};
  const id = known?.staffId ?? (shortId('staff') as StaffId);
  return { part: 'people', id, known, texts: { name, login, role, storeId, ...NO_PIN }, isOn: isGone };
}

/** A new one begins with the clock of `like`, the shop that is there already. */
export function toShopDraft(known: Store | null, like: Store | undefined): ShopDraft {
  const { timeZone = 'UTC', cutOffHour = 4 } = known ?? like ?? {};
  const { name = '', nameZh = '' } = known ?? {};
  const texts = { name, nameZh, timeZone, cutOffHour: String(cutOffHour) };
  const id = known?.storeId ?? (shortId('store') as StoreId);
  return { part: 'shops', id, known, texts, isOn: known?.isRetired === true };
}

/** The table of limits as its fields show it. */
export function toLimitTexts(policy: SpendPolicy, decimals: number): Record<LimitField, string> {
  const textOf = (limit: LimitField): string =>
    MONEY_LIMITS.has(limit) ? moneyText(policy[limit], decimals) : String(policy[limit]);
  // Cast: `fromEntries` forgets which keys it was given.
  return Object.fromEntries(LIMITS.map((limit) => [limit, textOf(limit)])) as Record<LimitField, string>;
}

export function toRulesDraft(known: Chain, decimals: number): RulesDraft {
  const { name, linkBase = '', spendPolicy = DEFAULT_SPEND_POLICY, leftBalance = '' } = known;
  const { consentMode, policyVersion, policyText = '' } = known;
  const inactiveMonths = known.inactiveMonths === undefined ? '' : String(known.inactiveMonths);
  const limits = toLimitTexts(spendPolicy, decimals);
  const texts = {
    ...{ name, inactiveMonths, leftBalance, linkBase, policyVersion, policyText, consentMode },
    ...limits,
  };
  return { part: 'rules', id: 'chain', known, texts, isOn: known.sharedPhones === true };
}

/** What was typed of PINs goes when the page is left: the rest of the form waits. */
export const withoutPins = (draft: ChainDraft): ChainDraft =>
  draft.part === 'people' ? { ...draft, texts: { ...draft.texts, ...NO_PIN } } : draft;

/** What was typed since `opened`, over `next`; `next` itself where that comes to the same. All of one document. */
export function carryOver(draft: ChainDraft, opened: ChainDraft, next: ChainDraft): ChainDraft {
  const before: Readonly<Record<string, string>> = opened.texts;
  const after: Readonly<Record<string, string>> = next.texts;
  const typed = Object.entries(draft.texts).filter(
    ([field, text]) => text !== before[field] && text !== after[field],
  );
  const isOn = draft.isOn === opened.isOn ? next.isOn : draft.isOn;
  if (typed.length === 0 && isOn === next.isOn) return next;
  // Cast: the same document, so the same kind of form.
  return { ...next, texts: { ...next.texts, ...Object.fromEntries(typed) }, isOn } as ChainDraft;
}
