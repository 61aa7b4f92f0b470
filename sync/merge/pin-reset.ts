import { canonicalJson, type Json } from '../base/canonical.ts';
import type { Staff } from '../model/chain.ts';
import type { OpBody } from '../model/op.ts';

const withoutPin = (body: object): string => canonicalJson({ ...body, version: 0, pinHash: '' } as Json);

/**
 * Whether an op gives a cashier another PIN and changes nothing else: a supervisor may, since she stands at the till
 * when one is forgotten. Whoever is more than a cashier, herself among them, gets hers from a manager.
 *
 * @param known The person's newest version.
 */
export const isPinReset = (body: OpBody, known: Staff | undefined): boolean =>
  body.kind === 'document.saved' &&
  body.docKind === 'staff' &&
  known !== undefined &&
  known.role === 'cashier' &&
  !known.isGone &&
  withoutPin(body.body) === withoutPin(known);
