import { z } from 'zod';
import { canonicalJson, type Json } from '../base/canonical.ts';
import type { Crypto } from '../base/crypto.ts';
import { Rows } from '../model/feed.ts';
import { OpBody, OpHeader } from '../model/op.ts';

/** Worked out once: the shapes are those of the program. */
let known: string | undefined;

/** Structural hash of everything that an op and a row may look like, 16 hex digits: two programs compare theirs. */
export function schemaHash(crypto: Pick<Crypto, 'sha256Hex'>): string {
  return (known ??= hashShapes(crypto));
}

function hashShapes(crypto: Pick<Crypto, 'sha256Hex'>): string {
  const shapes = [OpHeader, OpBody, Rows].map((shape) => z.toJSONSchema(shape, { unrepresentable: 'any' }));
  // Through text, because the schemas carry members that JSON does not.
  return crypto.sha256Hex(canonicalJson(JSON.parse(JSON.stringify(shapes)) as Json)).slice(0, 16);
}
