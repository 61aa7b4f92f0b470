import { z } from 'zod';
import { OpId } from '../../sync/base/ids.ts';
import { DOCUMENT_KINDS } from '../../sync/model/chain.ts';
import { command, query, type Method } from './method.ts';

const Kind = z.enum(DOCUMENT_KINDS);
const Id = z.string().min(1).max(80);
/** As `sync/model/chain.ts` has the kind; of staff without the hash of a PIN. */
const Body = z.looseObject({ version: z.int().min(1) });

export const DocumentView = z.strictObject({
  kind: Kind,
  id: Id,
  body: Body,
  /** This till's own version, which the centre has not confirmed. */
  isPending: z.boolean(),
});
export type DocumentView = z.infer<typeof DocumentView>;

export const documents = {
  'documents.list': query(z.strictObject({ kind: Kind }), z.array(DocumentView)),
  /**
   * The version behind `baseVersion`, 0 for a new document. Works offline; where somebody saved the same version
   * elsewhere, the later one in the feed waits for a manager, with both.
   */
  'documents.save': command(
    z.strictObject({
      opId: OpId,
      kind: Kind,
      id: Id,
      baseVersion: z.int().min(0),
      body: Body,
      /** Of staff only: another PIN. Without it the old one stays; a new person needs one. */
      pin: z
        .string()
        .regex(/^\d{4,12}$/)
        .optional(),
      /** With `pin` of the person who is signed in: the PIN she has, since an open till does not say who is there. */
      ownPin: z.string().min(1).max(20).optional(),
    }),
    DocumentView.extend({ opId: OpId }),
  ),
} satisfies Record<string, Method>;
