import { canonicalJson, type Json } from '../base/canonical.ts';
import type { CardRules, CardType } from '../model/chain.ts';

/** Of the type itself nothing but which one it is: what this version does not say, no other one says for it. */
const withRules = ({ cardTypeId, kind }: CardType, rules: CardRules): CardType => ({
  ...{ cardTypeId, kind },
  ...rules,
  earlier: [],
});

/**
 * The card type as it counts on a business day: the highest version whose first day has come. A later version with an
 * earlier first day therefore replaces one that was planned, from its own first day on.
 *
 * Of a day before every version it is the first one: a till whose clock is behind must still sell.
 */
export function rulesOn(type: CardType, day: string): CardType {
  if (type.validFrom <= day) return type.earlier.length === 0 ? type : { ...type, earlier: [] };
  const rules = type.earlier.find(({ validFrom }) => validFrom <= day) ?? type.earlier.at(-1);
  return rules === undefined ? type : withRules(type, rules);
}

/** The card type as an entry's own version says (N14); undefined when that version is not in the document. */
export function rulesOfVersion(type: CardType, version: number): CardType | undefined {
  if (type.version === version) return type.earlier.length === 0 ? type : { ...type, earlier: [] };
  const rules = type.earlier.find((each) => each.version === version);
  return rules === undefined ? undefined : withRules(type, rules);
}

/** What one version says, out of a whole document. */
export function rulesIn({ cardTypeId: _id, kind: _kind, earlier: _earlier, ...rules }: CardType): CardRules {
  return rules;
}

/** True where some version of the type ever ended units. */
export const canExpire = (type: CardType): boolean =>
  [rulesIn(type), ...type.earlier].some(({ expiresAfterMonths }) => expiresAfterMonths > 0);

/**
 * Whether `next` may follow `known`: it starts no earlier than today, and leaves out none of the versions before it, or
 * a past day would come out differently.
 */
export function mayFollow(known: CardType | undefined, next: CardType, today: string): boolean {
  const before = known === undefined ? [] : [rulesIn(known), ...known.earlier];
  const isKept = canonicalJson(next.earlier as Json) === canonicalJson(before as Json);
  return isKept && next.validFrom >= today;
}

/** The next version of a card type: `draft` counts from its `validFrom`, all before it is kept. */
export function nextVersion(current: CardType, draft: CardRules): CardType {
  return {
    cardTypeId: current.cardTypeId,
    kind: current.kind,
    ...draft,
    version: current.version + 1,
    earlier: [rulesIn(current), ...current.earlier],
  };
}
