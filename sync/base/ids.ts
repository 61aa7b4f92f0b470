import { uuidv7 } from 'uuidv7';
import { z } from 'zod';

const NIL = '00000000-0000-0000-0000-000000000000';
/** The nil id names nobody: a program that forgot to make one sends it. */
const Id = z.uuid().refine((id) => id !== NIL, 'the nil id');

/** In lower case: a database compares ids without case, programs with it. */
export const OpId = z
  .uuid()
  .lowercase()
  .refine((id) => id !== NIL, 'the nil id')
  .brand<'OpId'>();
export type OpId = z.infer<typeof OpId>;
export const MemberId = Id.brand<'MemberId'>();
export type MemberId = z.infer<typeof MemberId>;
export const CardId = Id.brand<'CardId'>();
export type CardId = z.infer<typeof CardId>;
export const AccountId = Id.brand<'AccountId'>();
export type AccountId = z.infer<typeof AccountId>;
export const TillId = z.string().min(1).max(40).brand<'TillId'>();
export type TillId = z.infer<typeof TillId>;
export const StaffId = z.string().min(1).max(40).brand<'StaffId'>();
export type StaffId = z.infer<typeof StaffId>;
export const StoreId = z.string().min(1).max(40).brand<'StoreId'>();
export type StoreId = z.infer<typeof StoreId>;
export const CardTypeId = z.string().min(1).max(40).brand<'CardTypeId'>();
export type CardTypeId = z.infer<typeof CardTypeId>;

/** Stands where an op names a member and is about the whole chain: a document, a message to a segment. */
export const WHOLE_CHAIN = '00000000-0000-7000-8000-000000000000' as MemberId;

/** Time-ordered, unique without asking anybody (RFC 9562, version 7). */
export const newId = <Id extends string>(): Id => uuidv7() as Id;

/** Eight signs a member can read out, without the ones that look alike: people quote it to support. */
export function newSupportId(randomHex: string): string {
  const signs = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
  let id = '';
  for (let at = 0; at < 8; at += 1)
    id += signs.charAt(Number.parseInt(randomHex.slice(at * 2, at * 2 + 2), 16) % 32);
  return `${id.slice(0, 4)}-${id.slice(4)}`;
}

/** The centre's own node: it writes for every shop, for example the demo's history, and is no till of any. */
export const CENTRE_TILL = 'centre';
