import { z } from 'zod';
import { isRealDay } from '../base/business-day.ts';
import { canonicalJson, type Json } from '../base/canonical.ts';
import { HandReceipt, KeptReceipt, TakeBack, TakenBack } from './hand-receipt.ts';

/** Of each kind; what one form or one op may name, too. */
export const EXTRAS_MAX = 50;
/** What a row may hold after tills added apart from each other. */
export const ROW_MAX = 4 * EXTRAS_MAX;
const EXTRAS_CHARS_MAX = 400_000;

/** Control signs and lone halves of signs are nobody's name for a thing. */
// oxlint-disable-next-line no-control-regex -- they are what is refused
const CONTROLS = /[\u0000-\u001f\u007f\u2028\u2029]/;
/** Half a sign, which no file can hold as UTF-8. */
const HALF = /[\ud800-\udfff]/u;
/** What a value of several lines may not have. JSON writes each as six signs. */
const hasUnseen = (text: string): boolean => CONTROLS.test(text.replace(/[\t\n]/g, ''));
const isPlain = (text: string): boolean => !CONTROLS.test(text) && !HALF.test(text);

/** A word that managers put on members. */
export const Tag = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .refine(isPlain, 'a sign that is not to be seen')
  .refine((text) => text === text.normalize('NFC'), 'not in the usual form');
/** Id of a chain document of kind `group` or `attribute`. No name that every object has. */
export const ExtraId = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/)
  .refine((id) => !(id in {}), 'a reserved name');
/** Of any attribute as text: a number in digits, a day as YYYY-MM-DD, `yes` or `no`. Empty would be none. */
export const CustomValue = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((text) => !hasUnseen(text), 'a sign that is not to be seen')
  .refine((text) => !HALF.test(text), 'half a sign');

const sorted = <Item extends z.ZodType<string>>(item: Item, max: number) =>
  z
    .array(item)
    .min(1)
    .max(max)
    .refine((list) => list.every((each, at) => at === 0 || (list[at - 1] ?? '') < each), 'not in order');
const shapeOf = (max: number) => ({
  tags: sorted(Tag, max).optional(),
  groups: sorted(ExtraId, max).optional(),
  custom: z
    .record(ExtraId, CustomValue)
    .refine((custom) => Object.keys(custom).length <= max, 'too many')
    .optional(),
  verified: z
    .strictObject({ mobile: z.literal(true).optional(), email: z.literal(true).optional() })
    .optional(),
});

/** What a new member may bring. */
export const NewExtras = z.strictObject(shapeOf(EXTRAS_MAX));
export type NewExtras = z.infer<typeof NewExtras>;

const Day = z.string().refine(isRealDay, 'not a day of the calendar');

/** How the tier of a row was reached by spending; of no meaning for a tier that somebody set by hand since. */
export const TierReason = z.strictObject({
  tierId: z.string().min(1).max(40),
  /** Version of the tier that it was reached under. */
  version: z.int().min(1),
  since: Day,
  until: Day.nullable(),
  /** What had been spent by then, in minor units. */
  spentMinor: z.int(),
});
export type TierReason = z.infer<typeof TierReason>;

const Stored = z.strictObject({
  ...shapeOf(ROW_MAX),
  removed: z.literal(true).optional(),
  undone: z.int().min(0).optional(),
  tier: TierReason.optional(),
  /** Custom values of cards, by account: a new card in the place of an old one keeps them. */
  cards: z.record(z.uuid(), z.record(ExtraId, CustomValue)).optional(),
  /** Cards that are on a phone. */
  installed: sorted(z.uuid(), ROW_MAX).optional(),
  /** Receipts that were typed in by hand, by the id of the op. */
  receipts: z
    .record(z.uuid(), KeptReceipt)
    .refine((receipts) => Object.keys(receipts).length <= ROW_MAX, 'too many')
    .optional(),
  /** Those of them that a manager has checked. */
  checked: sorted(z.uuid(), ROW_MAX).optional(),
  /** Those of them that were typed wrongly. */
  takenBack: z
    .record(z.uuid(), TakenBack)
    .refine((marks) => Object.keys(marks).length <= ROW_MAX, 'too many')
    .optional(),
  unlisted: z.int().min(1).optional(),
});
type Stored = z.infer<typeof Stored>;

/** Which addresses of a member are confirmed, in order. */
export const verifiedWords = ({ mobile, email }: Extras['verified']): readonly string[] =>
  email ? (mobile ? ['email', 'mobile'] : ['email']) : mobile ? ['mobile'] : [];

/** What hangs on a member beside the profile, each tag, group, custom value and mark a field of its own. */
export interface Extras {
  tags: readonly string[];
  groups: readonly string[];
  custom: Readonly<Record<string, string>>;
  verified: Readonly<{ mobile: boolean; email: boolean }>;
  /** In no list and no look-up; her ledger stays. */
  isRemoved: boolean;
  /**
   * The import that made her was undone when her accounts had so many entries: while they have no more, the
   * state hash is as if she had never been.
   */
  undone: number | null;
  /** Why she has her tier, where spending reached it. */
  tier: TierReason | null;
  /** Custom values of her cards, by account. */
  cards: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Ids of her cards that are on a phone. */
  installed: readonly string[];
  /** Receipts that were typed in by hand, by the id of the op; one is never changed. */
  receipts: Readonly<Record<string, KeptReceipt>>;
  /** Ids of those that a manager has checked. */
  checked: readonly string[];
  /** Those that were typed wrongly, by id; each keeps its place, and none comes back. */
  takenBack: Readonly<Record<string, TakenBack>>;
  /** Receipts that found no place in a full row: their ops are kept, and a page can say that there are more. */
  unlisted: number;
}

export const EMPTY_EXTRAS: Extras = {
  tags: [],
  groups: [],
  custom: {},
  verified: { mobile: false, email: false },
  isRemoved: false,
  undone: null,
  tier: null,
  cards: {},
  installed: [],
  receipts: {},
  checked: [],
  takenBack: {},
  unlisted: 0,
};

function toExtras(stored: Stored): Extras {
  return {
    tags: stored.tags ?? [],
    groups: stored.groups ?? [],
    custom: stored.custom ?? {},
    verified: { mobile: stored.verified?.mobile === true, email: stored.verified?.email === true },
    isRemoved: stored.removed === true,
    undone: stored.undone ?? null,
    tier: stored.tier ?? null,
    cards: stored.cards ?? {},
    installed: stored.installed ?? [],
    receipts: stored.receipts ?? {},
    checked: stored.checked ?? [],
    takenBack: stored.takenBack ?? {},
    unlisted: stored.unlisted ?? 0,
  };
}

/** The one text for these extras: '' for none, else canonical JSON; lists sorted, each word once. */
export function writeExtras(extras: Extras | NewExtras): string {
  const { tags = [], groups = [], custom = {}, verified = {} } = extras;
  const stored: Stored = {
    ...(tags.length > 0 && { tags: [...new Set(tags)].sort() }),
    ...(groups.length > 0 && { groups: [...new Set(groups)].sort() }),
    ...(Object.keys(custom).length > 0 && { custom: { ...custom } }),
    ...((verified.mobile === true || verified.email === true) && {
      verified: { ...(verified.mobile && { mobile: true }), ...(verified.email && { email: true }) },
    }),
    ...('isRemoved' in extras && extras.isRemoved && { removed: true }),
    ...('undone' in extras && extras.undone !== null && { undone: extras.undone }),
    ...('tier' in extras && extras.tier !== null && { tier: extras.tier }),
    ...('cards' in extras && Object.keys(extras.cards).length > 0 && { cards: { ...extras.cards } }),
    ...('installed' in extras &&
      extras.installed.length > 0 && { installed: [...new Set(extras.installed)].sort() }),
    ...('receipts' in extras &&
      Object.keys(extras.receipts).length > 0 && { receipts: { ...extras.receipts } }),
    ...('checked' in extras && extras.checked.length > 0 && { checked: [...new Set(extras.checked)].sort() }),
    ...('takenBack' in extras &&
      Object.keys(extras.takenBack).length > 0 && { takenBack: { ...extras.takenBack } }),
    ...('unlisted' in extras && extras.unlisted > 0 && { unlisted: extras.unlisted }),
  };
  return Object.keys(stored).length === 0 ? '' : canonicalJson(stored as Json);
}

/**
 * @param text of a row; it was checked when it arrived.
 * @throws SyntaxError When it is no JSON.
 */
export const readExtras = (text: string): Extras =>
  text === '' ? EMPTY_EXTRAS : toExtras(JSON.parse(text) as Stored);

function isExtras(text: string): boolean {
  if (text === '') return true;
  try {
    const read = Stored.safeParse(JSON.parse(text));
    return read.success && writeExtras(toExtras(read.data)) === text;
  } catch {
    return false;
  }
}

/** As a row carries them: '' or the canonical text, so that equal extras are equal texts on every node. */
export const ExtrasText = z
  .string()
  .max(EXTRAS_CHARS_MAX)
  .refine(isExtras, 'not canonical extras')
  .default('');

/** True for a member who was removed. Cheap: nearly every row has no extras. */
export const isRemoved = ({ extras }: Readonly<{ extras: string }>): boolean =>
  extras !== '' && readExtras(extras).isRemoved;

/** One field of the extras, as its last writer is kept and a conflict is told. */
export type ExtraKey =
  | `tag:${string}`
  | `group:${string}`
  | `custom:${string}`
  | `card:${string}`
  | `installed:${string}`
  | `receipt:${string}`
  | `checked:${string}`
  | 'verified:mobile'
  | 'verified:email'
  | 'removed';
export type ExtraValue = string | boolean | null;

const PLAIN_KEY = /^(?:(?:tag|group|custom):.{1,40}|verified:(?:mobile|email)|removed)$/u;
const CARD_KEY = /^(?:card:[0-9a-f-]{36}:.{1,40}|(?:installed|receipt|checked):[0-9a-f-]{36})$/u;
export const isExtraKey = (key: string): key is ExtraKey => PLAIN_KEY.test(key) || CARD_KEY.test(key);
export const ExtraKeyText = z.custom<ExtraKey>((key) => typeof key === 'string' && isExtraKey(key));

const partsOf = (key: ExtraKey): [kind: string, name: string] => {
  const at = key.indexOf(':');
  return at < 0 ? [key, ''] : [key.slice(0, at), key.slice(at + 1)];
};

/** What the field holds; false and null are none. */
export function extraOf(extras: Extras, key: ExtraKey): ExtraValue {
  const [kind, name] = partsOf(key);
  if (kind === 'tag') return extras.tags.includes(name);
  if (kind === 'group') return extras.groups.includes(name);
  if (kind === 'custom') return extras.custom[name] ?? null;
  if (kind === 'verified') return extras.verified[name as 'mobile' | 'email'];
  if (kind === 'installed') return extras.installed.includes(name);
  if (kind === 'checked') return extras.checked.includes(name);
  if (kind === 'receipt') {
    const receipt = extras.receipts[name];
    return receipt === undefined ? null : canonicalJson(receipt);
  }
  if (kind === 'card') {
    const [accountId, id] = accountIn(name);
    return extras.cards[accountId]?.[id] ?? null;
  }
  return extras.isRemoved;
}

const accountIn = (name: string): [accountId: string, id: string] => {
  const at = name.indexOf(':');
  return [name.slice(0, at), name.slice(at + 1)];
};

function withCardValue(cards: Extras['cards'], name: string, value: ExtraValue): Extras['cards'] {
  const [accountId, id] = accountIn(name);
  const others = Object.fromEntries(Object.entries(cards).filter(([each]) => each !== accountId));
  const custom = withCustom(cards[accountId] ?? {}, id, value);
  const isIn = Object.keys(custom).length > 0 && Object.keys(others).length < ROW_MAX;
  return isIn ? { ...others, [accountId]: custom } : others;
}

const withWord = (words: readonly string[], word: string, isIn: boolean): readonly string[] => {
  const others = words.filter((each) => each !== word);
  // Beyond what tills can add together by accident, a row takes no more.
  return isIn && others.length < ROW_MAX ? [...others, word].sort() : others;
};

function withCustom(custom: Extras['custom'], name: string, value: ExtraValue): Extras['custom'] {
  const others = Object.fromEntries(Object.entries(custom).filter(([each]) => each !== name));
  const isIn = typeof value === 'string' && value !== '' && Object.keys(others).length < ROW_MAX;
  return isIn ? { ...others, [name]: value } : others;
}

/** These are always taken, and so much is left for them. */
const MARKS: ReadonlySet<ExtraKey> = new Set<ExtraKey>(['verified:mobile', 'verified:email', 'removed']);
const MARKS_CHARS = 500;

/**
 * The extras with one field set, or taken away by false or null. What would make the text longer than a row may have is
 * not taken: no till could read the row, or anything after it.
 */
export function withExtra(extras: Extras, key: ExtraKey, value: ExtraValue): Extras {
  const next = setExtra(extras, key, value);
  const isMore = value !== false && value !== null && !MARKS.has(key);
  return isMore && !fitsRow(next) ? extras : next;
}

/** Whether a row may carry these, with room for the marks that are always taken. */
export const fitsRow = (extras: Extras): boolean =>
  writeExtras(extras).length <= EXTRAS_CHARS_MAX - MARKS_CHARS;

function setExtra(extras: Extras, key: ExtraKey, value: ExtraValue): Extras {
  const [kind, name] = partsOf(key);
  if (kind === 'tag') return { ...extras, tags: withWord(extras.tags, name, value === true) };
  if (kind === 'group') return { ...extras, groups: withWord(extras.groups, name, value === true) };
  if (kind === 'custom') return { ...extras, custom: withCustom(extras.custom, name, value) };
  if (kind === 'verified') return { ...extras, verified: { ...extras.verified, [name]: value === true } };
  if (kind === 'card') return { ...extras, cards: withCardValue(extras.cards, name, value) };
  if (kind === 'installed') return { ...extras, installed: withWord(extras.installed, name, value === true) };
  if (kind === 'checked') return { ...extras, checked: withWord(extras.checked, name, value === true) };
  // Only `kept-receipts.ts` sets one.
  if (kind === 'receipt') return extras;
  return { ...extras, isRemoved: value === true, undone: null };
}

const Words = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ add: z.array(item).max(EXTRAS_MAX), remove: z.array(item).max(EXTRAS_MAX) });

/** What an edit of extras says; null takes a custom value away. */
export const ExtrasPatch = z.strictObject({
  tags: Words(Tag).optional(),
  groups: Words(ExtraId).optional(),
  custom: z
    .record(ExtraId, CustomValue.nullable())
    .refine((custom) => Object.keys(custom).length <= EXTRAS_MAX, 'too many')
    .optional(),
  verified: z.strictObject({ mobile: z.boolean().optional(), email: z.boolean().optional() }).optional(),
  /** Custom values of cards, by account. */
  cards: z
    .record(z.uuid().lowercase(), z.record(ExtraId, CustomValue.nullable()))
    .refine(
      (cards) => Object.values(cards).every((each) => Object.keys(each).length <= EXTRAS_MAX),
      'too many',
    )
    .refine((cards) => Object.keys(cards).length <= EXTRAS_MAX, 'too many')
    .optional(),
  /** Whether cards are on a phone. */
  installed: z
    .record(z.uuid().lowercase(), z.boolean())
    .refine((cards) => Object.keys(cards).length <= EXTRAS_MAX, 'too many')
    .optional(),
  /** One more receipt, under the id of its op. */
  receipt: HandReceipt.optional(),
  /** One that was typed wrongly counts no more. */
  takeBack: TakeBack.optional(),
  /** Whether receipts are checked, by id. */
  checked: z
    .record(z.uuid().lowercase(), z.boolean())
    .refine((receipts) => Object.keys(receipts).length <= EXTRAS_MAX, 'too many')
    .optional(),
});
export type ExtrasPatch = z.infer<typeof ExtrasPatch>;

/** The fields that an edit sets, each once; what is both taken and given is given. */
export function changesIn(patch: ExtrasPatch): Map<ExtraKey, ExtraValue> {
  const { tags, groups, custom, verified } = patch;
  const changes = new Map<ExtraKey, ExtraValue>();
  for (const word of tags?.remove ?? []) changes.set(`tag:${word}`, false);
  for (const word of tags?.add ?? []) changes.set(`tag:${word}`, true);
  for (const id of groups?.remove ?? []) changes.set(`group:${id}`, false);
  for (const id of groups?.add ?? []) changes.set(`group:${id}`, true);
  for (const [id, value] of Object.entries(custom ?? {})) changes.set(`custom:${id}`, value);
  if (verified?.mobile !== undefined) changes.set('verified:mobile', verified.mobile);
  if (verified?.email !== undefined) changes.set('verified:email', verified.email);
  for (const [accountId, values] of Object.entries(patch.cards ?? {}))
    for (const [id, value] of Object.entries(values)) changes.set(`card:${accountId}:${id}`, value);
  for (const [cardId, isOn] of Object.entries(patch.installed ?? {}))
    changes.set(`installed:${cardId}`, isOn);
  for (const [id, isOn] of Object.entries(patch.checked ?? {})) changes.set(`checked:${id}`, isOn);
  return changes;
}

/** The edit that sets one field: what brings a lost value back. Null for a field that no edit sets. */
export function patchOf(key: ExtraKey, value: ExtraValue): ExtrasPatch | null {
  const [kind, name] = partsOf(key);
  const words = value === true ? { add: [name], remove: [] } : { add: [], remove: [name] };
  if (kind === 'tag') return { tags: words };
  if (kind === 'group') return { groups: words };
  if (kind === 'custom') return { custom: { [name]: typeof value === 'string' ? value : null } };
  if (kind === 'installed') return { installed: { [name]: value === true } };
  if (kind === 'checked') return { checked: { [name]: value === true } };
  if (kind === 'card') {
    const [accountId, id] = accountIn(name);
    return { cards: { [accountId]: { [id]: typeof value === 'string' ? value : null } } };
  }
  return kind === 'verified' ? { verified: { [name]: value === true } } : null;
}
