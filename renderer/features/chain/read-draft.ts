import { isPinAllowed } from '../../../sync/base/pin.ts';
import { isTimeZone } from '../../../sync/base/business-day.ts';
import { Chain, Staff, Store } from '../../../sync/model/chain.ts';
import { mayPolicyFollow, POLICY_TEXT_MAX, PolicyText } from '../../../sync/model/policy-text.ts';
import { DEFAULT_SPEND_POLICY, SpendPolicy } from '../../../sync/model/spend-policy.ts';
import { parseMoney } from '../../lib/parse.ts';
import {
  LIMITS,
  MONEY_LIMITS,
  type ChainDraft,
  type ChainField,
  type LimitField,
  type LimitProblem,
  type PolicyProblem,
  type PersonDraft,
  type Problem,
  type Problems,
  type RulesDraft,
  type ShopDraft,
} from './drafts.ts';

export interface DraftScene {
  readonly decimals: number;
  /** Who is signed in: her own PIN is changed with the one she has. */
  readonly selfId: string;
}

/** What goes to `documents.save`, beside the id of the press. */
export interface Saving {
  readonly kind: 'staff' | 'store' | 'chain';
  readonly id: string;
  readonly baseVersion: number;
  readonly body: Staff | Store | Chain;
  readonly pin?: string;
  readonly ownPin?: string;
}
export type Read = { readonly saving: Saving } | { readonly problems: Problems };

type Found = Partial<Record<ChainField, Problem>>;
type Parsed = ReturnType<(typeof Staff | typeof Store | typeof Chain)['safeParse']>;

/** As a sign-in name is made when a chain is set up. */
const LOGIN = /^[A-Za-z0-9._-]{1,40}$/;
/** What the shape of the document takes at least, by limit. */
export const LEAST: Readonly<Partial<Record<LimitField, number>>> = { halfAfterHours: 1, noneAfterHours: 1 };
/** What the document takes at most; of money in minor units. */
export const LIMIT_MOST = 1_000_000_000;

/** An address that a path can be put behind. */
export function isLinkBase(text: string): boolean {
  const isHttps = Chain.shape.linkBase.safeParse(text).success;
  return isHttps && text.startsWith('https://') && !/[?#\s]/.test(text);
}

/** The form's own problems first; what else the document's shape does not take stands at the field that it is of. */
function close(found: Found, parsed: Parsed, saving: Omit<Saving, 'body'>): Read {
  const problems: Found = { ...found };
  if (!parsed.success) {
    for (const { path, code } of parsed.error.issues) {
      // Cast: every field of the form is one of the document, by the same name.
      const at = String(path.at(-1) ?? '') as ChainField;
      problems[at] ??= code === 'too_small' ? 'missing' : 'wrong';
    }
  }
  if (!parsed.success || Object.keys(problems).length > 0) return { problems };
  return { saving: { ...saving, body: parsed.data } };
}

function readPerson({ id, known, texts, isOn }: PersonDraft, { selfId }: DraftScene): Read {
  const found: Found = {};
  const { role, storeId, pin, pinAgain, ownPin } = texts;
  const [name, login] = [texts.name.trim(), texts.login.trim()];
  if (login !== known?.login && !LOGIN.test(login)) found.login = login === '' ? 'missing' : 'login';
  const hasPin = known === null || pin !== '' || pinAgain !== '';
  if (hasPin && !isPinAllowed(pin)) found.pin = 'pin';
  else if (hasPin && pin !== pinAgain) found.pinAgain = 'again';
  const isOwn = hasPin && id === selfId;
  if (isOwn && ownPin === '') found.ownPin = 'missing';
  const version = (known?.version ?? 0) + 1;
  const shop = storeId === '' ? {} : { storeId };
  const body = { staffId: id, version, login, name, role, pinHash: '', isGone: isOn, ...shop };
  return close(found, Staff.safeParse(body), {
    ...{ kind: 'staff', id, baseVersion: version - 1 },
    ...(hasPin && { pin }),
    ...(isOwn && { ownPin }),
  });
}

function readShop({ id, known, texts, isOn }: ShopDraft): Read {
  const { timeZone, cutOffHour } = texts;
  const version = (known?.version ?? 0) + 1;
  const nameZh = texts.nameZh.trim();
  const body = {
    ...{ storeId: id, version, name: texts.name.trim(), timeZone, cutOffHour: Number(cutOffHour) },
    ...(nameZh !== '' && { nameZh }),
    // Left out while it is open, as it was before anybody closed it.
    ...(isOn && { isRetired: true }),
  };
  const found: Found = isTimeZone(timeZone) ? {} : { timeZone: 'wrong' };
  return close(found, Store.safeParse(body), { kind: 'store', id, baseVersion: version - 1 });
}

/** Longer than any amount that is read, but one all the same. */
const LONG_AMOUNT = /^\d{10,}(?:[.,]\d*)?$/;

/** @returns A word for what is wrong with it. */
function readLimit(limit: LimitField, text: string, decimals: number): number | LimitProblem {
  const isMoney = MONEY_LIMITS.has(limit);
  const plain = text.trim();
  const value = isMoney ? parseMoney(plain, decimals) : /^\d+$/.test(plain) ? Number(plain) : null;
  if (limit !== 'grantPercent') {
    if (value === null ? isMoney && LONG_AMOUNT.test(plain) : value > LIMIT_MOST) return 'large';
  }
  if (value !== null && SpendPolicy.shape[limit].safeParse(value).success) return value;
  if (isMoney) return 'amount';
  return limit === 'grantPercent' ? 'percent' : 'number';
}

function readLimits({ texts, known }: RulesDraft, decimals: number) {
  const found: Found = {};
  const policy = { ...DEFAULT_SPEND_POLICY };
  for (const limit of LIMITS) {
    const value = readLimit(limit, texts[limit], decimals);
    if (typeof value === 'number') policy[limit] = value;
    else found[limit] = value;
  }
  if (Object.keys(found).length === 0 && policy.noneAfterHours < policy.halfAfterHours)
    found.noneAfterHours = 'order';
  const isUsual = LIMITS.every((limit) => policy[limit] === DEFAULT_SPEND_POLICY[limit]);
  // Whoever set nothing of her own follows the usual limits, also when those change.
  const own = isUsual && known.spendPolicy === undefined ? {} : { spendPolicy: policy };
  return { found, own };
}

/** What is wrong with a text as that of a policy; null when nothing is. */
export function policyProblem(text: string): PolicyProblem | null {
  if (text.trim().length > POLICY_TEXT_MAX) return 'long';
  return PolicyText.safeParse(text).success ? null : 'unseen';
}

/** The version that is written beside each consent, and what it says. */
function readPolicy({ texts, known }: RulesDraft) {
  const found: Found = {};
  const [policyVersion, policyText] = [texts.policyVersion.trim(), texts.policyText.trim()];
  const own = policyText === '' ? {} : { policyText };
  const problem = policyText === '' ? null : policyProblem(policyText);
  if (problem !== null) found.policyText = problem;
  if (policyVersion === '') found.policyVersion = 'missing';
  else if (!mayPolicyFollow(known, { policyVersion, ...own })) found.policyVersion = 'sameVersion';
  return { found, policy: { policyVersion, ...(problem === null && own) } };
}

function readRules(draft: RulesDraft, { decimals }: DraftScene): Read {
  const { known, texts, isOn } = draft;
  const { found: limits, own } = readLimits(draft, decimals);
  const { found: policies, policy } = readPolicy(draft);
  const found: Found = { ...limits, ...policies };
  const [name, linkBase] = [texts.name.trim(), texts.linkBase.trim()];
  if (linkBase !== '' && !isLinkBase(linkBase)) found.linkBase = 'link';
  const months = texts.inactiveMonths.trim();
  const isMonths = /^\d{1,3}$/.test(months) && Chain.shape.inactiveMonths.safeParse(Number(months)).success;
  if (months !== '' && !isMonths) found.inactiveMonths = 'months';
  const { linkBase: _link, sharedPhones: _shared, spendPolicy: _policy, ...others } = known;
  const { inactiveMonths: _months, policyText: _text, leftBalance: _left, ...rest } = others;
  const body = {
    ...{ ...rest, ...own, ...policy, version: known.version + 1, name, consentMode: texts.consentMode },
    ...(linkBase !== '' && found.linkBase === undefined && { linkBase }),
    ...(isOn && { sharedPhones: true }),
    ...(isMonths && { inactiveMonths: Number(months) }),
    // Left out where nothing is booked, as it was before anybody chose.
    ...(texts.leftBalance !== '' && { leftBalance: texts.leftBalance }),
  };
  const saving = { kind: 'chain', id: 'chain', baseVersion: known.version } as const;
  return close(found, Chain.safeParse(body), saving);
}

/** The form as the document's next version, or what is wrong with it, by field. */
export function readDraft(draft: ChainDraft, scene: DraftScene): Read {
  switch (draft.part) {
    case 'people':
      return readPerson(draft, scene);
    case 'shops':
      return readShop(draft);
    case 'rules':
      return readRules(draft, scene);
  }
}
