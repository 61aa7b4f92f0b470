import { AccountRow, CardRow } from '../model/card.ts';
import { MemberRow } from '../model/member.ts';

/**
 * The properties that travel in a snapshot and whose values are hashed: all of them, in the order of the
 * shape. A new one comes last there, or all hashes change.
 */
export const MEMBER_PROPS: readonly string[] = Object.keys(MemberRow.shape);
export const CARD_PROPS: readonly string[] = Object.keys(CardRow.shape);
export const ACCOUNT_PROPS: readonly string[] = Object.keys(AccountRow.shape);
