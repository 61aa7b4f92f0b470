import type { Attribute } from '../../sync/model/attributes.ts';
import { problemOf } from './attribute-problem.ts';

/** Values of the chain's own fields as typed, by id. */
type Typed = Readonly<Record<string, string>>;

/** What was typed over, as it is sent: null takes a value away. */
export const changedIn = (typed: Typed, custom: Typed): Record<string, string | null> =>
  Object.fromEntries(
    Object.entries(typed).flatMap(([id, text]) =>
      text.trim() === (custom[id] ?? '') ? [] : [[id, text.trim() || null] as const],
    ),
  );

/** True when the core would refuse one of them. */
export const hasWrongValue = (
  attributes: readonly Attribute[],
  changed: Readonly<Record<string, string | null>>,
): boolean =>
  attributes.some((attribute) => problemOf(attribute, changed[attribute.attributeId] ?? '') !== null);

/** What is still to be saved when `saved` was: what was typed meanwhile stays. */
export const stillTyped = (typed: Typed, saved: Typed): Typed =>
  Object.fromEntries(Object.entries(typed).filter(([id, text]) => saved[id] !== text));
