import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { MemberId, StaffId } from '../../sync/base/ids.ts';
import type { Centre } from '../centre.ts';
import { writeOwnOp } from '../inbox/centre-node.ts';
import { findSignSecret } from '../keys.ts';
import { CentreRefusal } from '../refusal.ts';
import { findChain } from '../repos/documents.ts';
import { findMemberRow } from '../repos/events.ts';
import { sqlUnit } from '../sql-store.ts';
import { openUnit, saveUnit } from '../unit.ts';

const MAC_BYTES = 16;
/** Who says it is the member, not one of the staff. */
const MEMBER = 'member' as StaffId;

function macOf(centreSecret: string, id: Buffer): Buffer {
  const key = hkdfSync('sha256', Buffer.from(centreSecret, 'hex'), '', 'counterfoil unsubscribe', 32);
  return createHmac('sha256', Buffer.from(key)).update(id).digest().subarray(0, MAC_BYTES);
}

/** Names the member to this centre alone; nobody makes another one. */
export function unsubscribeToken(centreSecret: string, memberId: string): string {
  const id = Buffer.from(memberId.replaceAll('-', ''), 'hex');
  return Buffer.concat([id, macOf(centreSecret, id)]).toString('base64url');
}

/** Whose token it is; null for any other text. */
export function readToken(centreSecret: string, token: string): MemberId | null {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const id = bytes.subarray(0, 16);
  if (!timingSafeEqual(macOf(centreSecret, id), bytes.subarray(16))) return null;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as MemberId;
}

/**
 * The member wants no marketing: a word of the consent ledger like any other. A second one changes nothing.
 *
 * @throws CentreRefusal Where the word could not be written: nobody is told then that it was.
 */
export async function unsubscribe(centre: Centre, memberId: MemberId): Promise<void> {
  const { database, crypto, clock } = centre;
  const chain = await findChain(database.sql);
  const row = await findMemberRow(database.sql, memberId);
  if (chain === null || row === undefined || !row.hasMarketingConsent) return;
  const word = { purpose: 'marketing' as const, isGranted: false, channel: 'centre' as const };
  const body = { kind: 'consent.recorded' as const, memberId, ...word, policyVersion: chain.policyVersion };
  await sqlUnit(
    database,
    crypto,
  )(async (store) => {
    const unit = await openUnit(store, clock.nowMs());
    const { held } = await writeOwnOp(unit, crypto, { body, actorId: MEMBER, isApproved: true });
    if (held !== null)
      throw new CentreRefusal(
        'busy',
        'This could not be written down now. Nothing was changed. Try again later, or ask in the shop.',
      );
    await saveUnit(unit);
  });
}

/** Asked for before each message: the secret it was made with stays in the database. */
export async function unsubscribeUrl(centre: Pick<Centre, 'database'>, publicUrl: string, memberId: string) {
  return `${publicUrl.replace(/\/$/, '')}/u/${unsubscribeToken(await findSignSecret(centre.database.sql), memberId)}`;
}
