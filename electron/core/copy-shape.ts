import { rowShapeIn, schemaHash } from '../../sync/protocol/schema.ts';
import { nodeCrypto } from './crypto.ts';
import type { TillSettings } from './till-settings.ts';

/** What the centre says about its shapes; nothing said: they are this program's. */
export function noteSchema(settings: TillSettings, told: string | undefined): void {
  const schema = told ?? schemaHash(nodeCrypto);
  if (settings.centreSchema() !== schema) settings.setCentreSchema(schema);
}

const areSame = (one: string, other: string): boolean => rowShapeIn(one) === rowShapeIn(other);

/**
 * True when the rows in the copy may lack something that this program reads: it was filled by another program, or while
 * the centre's rows were of another shape than now, when they are this program's. A copy of a time before anybody
 * looked is taken for what it is now. A centre that has moved on to a later shape is no reason: what it adds, this
 * program would pass over; a fresh copy follows the till's own update. What ops may look like is no matter of a copy.
 */
export function isCopyOutgrown(settings: TillSettings, own: string = schemaHash(nodeCrypto)): boolean {
  const centre = settings.centreSchema();
  if (centre === null) return false;
  const filled = settings.copyShape();
  if (filled === null) {
    settings.setCopyShape({ own, centre });
    return false;
  }
  return !areSame(filled.own, own) || (areSame(centre, own) && !areSame(filled.centre, centre));
}

/** A fresh copy is in place. */
export function noteCopyShape(settings: TillSettings, own: string = schemaHash(nodeCrypto)): void {
  settings.setCopyShape({ own, centre: settings.centreSchema() ?? own });
}
