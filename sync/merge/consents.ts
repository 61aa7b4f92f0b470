import type { ConsentRow } from '../model/consent.ts';
import type { MemberRow } from '../model/member.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { Applied } from './apply-op.ts';
import type { Outcome, RowReader } from './rows.ts';

type Word = Pick<ConsentRow, 'memberId' | 'purpose' | 'isGranted' | 'policyVersion' | 'channel'>;

/** One line of the consent ledger: the words with time, place and cashier of their op. */
export const consentOf = ({ op, seq, hlc }: Applied, word: Word): ConsentRow => ({
  opId: op.opId,
  seq,
  memberId: word.memberId,
  purpose: word.purpose,
  isGranted: word.isGranted,
  policyVersion: word.policyVersion,
  channel: word.channel,
  hlc,
  wallMs: op.wallMs,
  storeId: op.storeId,
  tillId: op.tillId,
  actorId: op.actorId,
});

/** Whoever withdrew as one of two merged profiles did not ask for mail as the other. */
export const agreesToMarketing = (people: readonly Pick<MemberRow, 'hasMarketingConsent'>[]): boolean =>
  people.every((each) => each.hasMarketingConsent);

/** The later word counts; at the same instant the withdrawal does. Every word stays in the ledger. */
export function recordConsent(
  rows: RowReader,
  applied: Applied,
  body: OpBodyOf<'consent.recorded'>,
): Outcome {
  const member = rows.member(body.memberId);
  if (member === undefined) return { held: 'unknown_target' };
  const row: MemberRow = { ...member, seq: applied.seq };
  const isNewer =
    applied.hlc > member.marketingHlc || (applied.hlc === member.marketingHlc && !body.isGranted);
  if (isNewer && member.state !== 'anonymised') {
    row.hasMarketingConsent = body.isGranted;
    row.marketingHlc = applied.hlc;
  }
  return {
    held: null,
    changes: [
      { table: 'member', row, clocks: rows.fieldClocks(body.memberId) },
      { table: 'consent', row: consentOf(applied, body) },
    ],
    flags: [],
  };
}
