import type { CardRules } from '../model/chain.ts';
import { UNITS_MAX } from '../model/units.ts';

/** Visits on a new card without a number of visits: each visit is an entry like any other, and they never run out. */
export const UNLIMITED_UNITS = UNITS_MAX;
const LEAST = UNLIMITED_UNITS / 2;

/** True for a balance that is no number of visits: only the card's last day ends it. */
export const isUnlimited = (balance: number): boolean => balance > LEAST;

/** Units on a new card; an import brings its own number. */
export const openingUnitsOf = (rules: Pick<CardRules, 'isUnlimited' | 'openingUnits'>): number =>
  rules.isUnlimited ? UNLIMITED_UNITS : rules.openingUnits;
