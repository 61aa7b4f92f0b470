import type * as Real from '../../../db/replica/open.ts';
import { fillAt } from '../memory-fill.ts';

/** Stands in for the encrypted file: a simulated till is handed its files. */
export function openReplica(): never {
  throw new Error('a simulated till is handed its files');
}

export const beginFill: typeof Real.beginFill = (place, snapshot) => fillAt(place).begin(snapshot);

export const findFillOf: typeof Real.findFillOf = (place) => fillAt(place).find();
