import { z } from 'zod';
import { isRealDay } from '../../../sync/base/business-day.ts';
import { toE164 } from '../../../sync/base/phone.ts';
import { emailKey } from '../../../sync/base/search-key.ts';
import type { HeldReason } from '../../../sync/model/feed.ts';
import { OpBody, type OpKind } from '../../../sync/model/op.ts';
import { AppError } from '../../contract/errors.ts';
import type { HeldField } from '../../contract/inbox.ts';

type FieldKind = HeldField['kind'];
type Value = HeldField['value'];

const PURCHASE = { amountMinor: 'money', receiptNo: 'text' } as const;
const RULE = { cardTypeVersion: 'count' } as const;
const PROFILE: Readonly<Record<string, FieldKind>> = {
  'fields.lastName': 'text',
  'fields.firstName': 'text',
  'fields.mobile': 'phone',
  'fields.phone': 'phone',
  'fields.email': 'text',
  'fields.dateOfBirth': 'day',
  'fields.lookupId': 'text',
  'fields.notes': 'text',
};

/** What of each kind a person can know better than the till did. Ids, and what hangs on them, are nobody's to type. */
const REPAIRABLE: Readonly<Record<OpKind, Readonly<Record<string, FieldKind>>>> = {
  'member.created': {
    ...{ ...PROFILE, 'card.cardNumber': 'text', 'card.openingUnits': 'count' },
    'card.cardTypeVersion': 'count',
  },
  'member.changed': PROFILE,
  'member.state': { reason: 'text' },
  'member.extras': {},
  'member.removed': { reason: 'text' },
  'tier.earned': {},
  'document.saved': {},
  'message.requested': {},
  'export.made': {},
  'purchase.edited': { newUnits: 'count', reason: 'text', ...RULE },
  'points.expired': { points: 'count', ...RULE },
  'balance.forfeited': { count: 'count', ...RULE },
  'credit.paidOut': { creditMinor: 'money', ...RULE },
  'consent.recorded': {},
  'member.merged': { reason: 'text' },
  'member.unmerged': { reason: 'text' },
  'card.issued': { cardNumber: 'text', openingUnits: 'count', ...RULE },
  'card.replaced': { cardNumber: 'text', reason: 'text' },
  'card.status': { reason: 'text' },
  'stamp.added': { count: 'count', ...PURCHASE, ...RULE },
  'points.credited': { points: 'count', ...PURCHASE, reason: 'text', ...RULE },
  'points.debited': { points: 'count', reason: 'text', ...RULE },
  'visit.deducted': { count: 'count', ...RULE },
  'visits.added': { count: 'count', ...PURCHASE, ...RULE },
  'credit.earned': { creditMinor: 'money', ...PURCHASE, ...RULE },
  'credit.toppedUp': { creditMinor: 'money', receiptNo: 'text', ...RULE },
  'credit.spent': { creditMinor: 'money', receiptNo: 'text', ...RULE },
  'reward.redeemed': { rewardId: 'text', cost: 'count', ...RULE },
  'entry.corrected': { reason: 'text' },
};
/** What is wrong where the centre's rules say so, by the last part of its path. */
const WRONG_BY: Readonly<Partial<Record<HeldReason, readonly string[]>>> = {
  unknown_rule: ['cardTypeVersion'],
  unknown_reward: ['rewardId'],
  beyond_rule: ['count', 'points', 'creditMinor', 'cost', 'newUnits', 'openingUnits'],
};
/** Nobody knows these better than the till did, but where they are wrong. */
const SHOWN_WRONG = /(?:^|\.)(?:cardTypeVersion|rewardId|newUnits|openingUnits)$/;
/** Null stands for none in these, and '' in the other texts. */
const NULLABLE = /^(?:fields\.(?:mobile|phone|email|dateOfBirth)|amountMinor)$/;

const Plain = z.union([z.string(), z.number(), z.null()]);
type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

function valueAt(body: Tree, path: string): Value | undefined {
  const value = path.split('.').reduce<unknown>((at, key) => (isTree(at) ? at[key] : undefined), body);
  const read = Plain.safeParse(value);
  return read.success ? read.data : undefined;
}

const pathsOf = (kind: string): Readonly<Record<string, FieldKind>> =>
  Object.hasOwn(REPAIRABLE, kind) ? REPAIRABLE[kind as OpKind] : {};

/** What the rules can not read, by path; [] where the body is well formed. */
function faultsIn(body: Tree): string[] {
  const read = OpBody.safeParse(body);
  return read.success ? [] : read.error.issues.map(({ path }) => path.join('.'));
}

/** Of an edit only the fields that it made: the others are not its own to change. */
function isShown(body: Tree, path: string, kind: string): boolean {
  const [group = '', field = ''] = path.split('.');
  if (kind === 'member.changed') return isTree(body[group]) && Object.hasOwn(body[group], field);
  return field === '' || isTree(body[group]);
}

/**
 * The fields of a form. Empty when something is wrong that no form can mend: an id, a shape of a later program.
 *
 * @param reason Why the centre holds it.
 */
export function repairFields(
  { body }: { body: Tree & { kind: string } },
  reason: HeldReason = 'bad_body',
): HeldField[] {
  const known = pathsOf(body.kind);
  const faults = faultsIn(body);
  if (faults.some((path) => !Object.hasOwn(known, path))) return [];
  const byRule = WRONG_BY[reason] ?? [];
  const isWrong = (path: string): boolean =>
    faults.includes(path) || byRule.includes(path.split('.').at(-1) ?? '');
  return Object.entries(known)
    .filter(([path]) => isShown(body, path, body.kind) && (isWrong(path) || !SHOWN_WRONG.test(path)))
    .map(([path, kind]) => ({
      ...{ path, kind },
      value: valueAt(body, path) ?? null,
      isWrong: isWrong(path),
    }));
}

const refuse = (path: string, why: string): AppError =>
  new AppError('bad_request', `"${path}": ${why}. Nothing was changed; correct it and try again.`);

function toValue(
  path: string,
  kind: FieldKind,
  { typed, country }: { typed: Value; country: string },
): Value {
  const text = typeof typed === 'string' ? typed.trim() : typed;
  if (text === null || text === '') return NULLABLE.test(path) ? null : (text ?? '');
  if (kind === 'money' && typeof text !== 'number') throw refuse(path, 'no amount of money');
  if (kind === 'count' && !/^\d+$/.test(String(text))) throw refuse(path, 'no whole number');
  if (kind === 'count' || kind === 'money') return Number(text);
  if (kind === 'phone') {
    const phone = toE164(String(text), country);
    if (phone === null) throw refuse(path, 'too few or too many digits');
    return phone;
  }
  if (kind === 'day' && !isRealDay(String(text))) throw refuse(path, 'no day of the calendar');
  return path === 'fields.email' ? emailKey(String(text)) : String(text);
}

/**
 * The body with what a person put right, as the centre takes it.
 *
 * @throws AppError `bad_request` While it still can not be read, or for a field that is nobody's to change.
 */
export function repairedBody(
  body: Tree & { kind: string },
  values: Readonly<Record<string, Value>>,
  country: string,
): OpBody {
  const copy = structuredClone(body);
  const known = pathsOf(body.kind);
  for (const [path, typed] of Object.entries(values)) {
    const kind = Object.hasOwn(known, path) ? known[path] : undefined;
    if (kind === undefined || !isShown(body, path, body.kind)) throw refuse(path, 'not to be changed here');
    const [first = '', second = ''] = path.split('.');
    const value = toValue(path, kind, { typed, country });
    const group = copy[first];
    if (second === '') Object.assign(copy, { [first]: value });
    else if (isTree(group)) group[second] = value;
  }
  const read = OpBody.safeParse(copy);
  if (!read.success) throw refuse(read.error.issues[0]?.path.join('.') ?? '', 'can not be read');
  return read.data;
}
