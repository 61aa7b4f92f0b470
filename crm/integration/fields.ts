import { type Attribute, attributesOf, fits } from '../../sync/model/attributes.ts';
import { toE164 } from '../../sync/base/phone.ts';
import { emailKey } from '../../sync/base/search-key.ts';
import { isStorableText } from '../../sync/base/text.ts';
import { MemberFields, type MemberField } from '../../sync/model/member.ts';
import { ApiRefusal } from './refusal.ts';
import type { FieldProblem } from './shapes.ts';

type Typed = Readonly<Record<string, string | boolean | null>>;

/** Notes are the staff's own: no other system reads or writes them. */
const isOpen = (field: string): field is Exclude<MemberField, 'notes'> =>
  field !== 'notes' && Object.hasOwn(MemberFields.shape, field);

const PROBLEM: Record<FieldProblem['code'], string> = {
  required: 'A name is needed: last or first.',
  malformed: 'This can not be read.',
  too_long: 'This is too long.',
  taken: 'Another member has this.',
  unknown: 'There is no such field.',
};

export const problemWith = (field: string, code: FieldProblem['code']): FieldProblem => ({
  field: field.slice(0, 40),
  code,
  message: PROBLEM[code],
});

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';
const CAN_BE_NONE = new Set<string>(['mobile', 'phone', 'email', 'dateOfBirth', 'tierUntil']);

/** A value as the chain keeps it: phones as E.164, blanks as none. Undefined: it is no such value. */
function toKept(field: string, value: string | boolean | null, country: string): unknown {
  if (CAN_BE_NONE.has(field) && isBlank(value)) return null;
  if (typeof value !== 'string') return value;
  if (field === 'mobile' || field === 'phone') return toE164(value, country) ?? undefined;
  return field === 'email' ? emailKey(value) : value;
}

function readField(field: string, value: string | boolean | null, country: string): unknown {
  if (!isOpen(field)) return problemWith(field, 'unknown');
  if (typeof value === 'string' && !isStorableText(value)) return problemWith(field, 'malformed');
  const parsed = MemberFields.shape[field].safeParse(toKept(field, value, country));
  if (parsed.success) return { field, value: parsed.data };
  const isLong = parsed.error.issues.some(({ code }) => code === 'too_big');
  return problemWith(field, isLong ? 'too_long' : 'malformed');
}

const isProblem = (read: unknown): read is FieldProblem =>
  typeof read === 'object' && read !== null && 'code' in read;

/**
 * What another system sent, as the chain keeps it.
 *
 * @throws ApiRefusal `values_refused` with every field that is wrong, not only the first.
 */
export function readFields(typed: Typed, country: string): Partial<MemberFields> {
  const reads = Object.entries(typed).map(([field, value]) => readField(field, value, country));
  const problems = reads.filter(isProblem);
  if (problems.length > 0) throw valuesRefused(problems);
  const fields = reads.map((read) => read as { field: MemberField; value: never });
  return Object.fromEntries(fields.map(({ field, value }) => [field, value]));
}

/**
 * Values of the chain's own fields, as another system sent them.
 *
 * @param documents The chain's, on top of the built-in ones.
 * @throws ApiRefusal `values_refused` with every field that is wrong.
 */
export function readCustom(
  typed: Readonly<Record<string, string | null>>,
  documents: readonly Attribute[],
): Record<string, string | null> {
  const known = new Map(attributesOf(documents).map((each) => [each.attributeId, each]));
  const reads = Object.entries(typed).map(([id, value]) => {
    const attribute = known.get(id);
    const kept = value === null || value.trim() === '' ? null : value.trim();
    if (attribute === undefined || attribute.of === 'card') return problemWith(`custom.${id}`, 'unknown');
    return kept === null || fits(attribute, kept)
      ? ([id, kept] as const)
      : problemWith(`custom.${id}`, 'malformed');
  });
  const problems = reads.filter(isProblem);
  if (problems.length > 0) throw valuesRefused(problems);
  return Object.fromEntries(reads.filter((read) => Array.isArray(read)));
}

export const valuesRefused = (problems: readonly FieldProblem[]): ApiRefusal =>
  new ApiRefusal(
    'values_refused',
    'Some values can not be stored. Nothing was changed; see fields.',
    problems,
  );
