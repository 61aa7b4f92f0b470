import { z } from 'zod';
import { canonicalJson, type Json } from '../base/canonical.ts';
import type { Crypto } from '../base/crypto.ts';
import { Rows } from '../model/feed.ts';
import { OpBody, OpHeader } from '../model/op.ts';

/** Worked out once: the shapes are those of the program. */
let known: string | undefined;

/** Hex digits for the shapes of ops, and as many behind them for those of rows. */
const DIGITS = 8;

/** Structural hash of everything that an op and a row may look like, 16 hex digits: two programs compare theirs. */
export function schemaHash(crypto: Pick<Crypto, 'sha256Hex'>): string {
  return (known ??= [[OpHeader, OpBody], [Rows]].map((shapes) => hashShapes(crypto, shapes)).join(''));
}

/** The part of such a hash that is of rows: a copy holds nothing else. */
export const rowShapeIn = (schema: string): string => schema.slice(DIGITS);

function hashShapes(crypto: Pick<Crypto, 'sha256Hex'>, shapes: readonly z.ZodType[]): string {
  const schemas = shapes.map((shape) => z.toJSONSchema(shape, { unrepresentable: 'any' }));
  // Through text, because the schemas carry members that JSON does not.
  return crypto.sha256Hex(canonicalJson(JSON.parse(JSON.stringify(schemas)) as Json)).slice(0, DIGITS);
}
