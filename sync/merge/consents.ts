import type { ConsentRow } from '../model/consent.ts';
import type { MemberRow } from '../model/member.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { Applied } from './apply-op.ts';
import { below } from './former-selves.ts';
import type { Outcome, RowChange, RowReader } from './rows.ts';

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

type WordOf = Pick<MemberRow, 'hasMarketingConsent' | 'marketingHlc'>;

/** Marks the clock of a word that was said on a later self. Sorts behind its own clock, and before every later one. */
const CARRIED = 'm';
const carriedFrom = (hlc: string): string => `${hlc}${CARRIED}`;
/** True for a yes that was said on one of those. */
export const isCarriedFrom = (word: WordOf, others: readonly WordOf[]): boolean =>
  word.hasMarketingConsent &&
  others.some(
    ({ marketingHlc }) =>
      word.marketingHlc === carriedFrom(marketingHlc) ||
      (word.marketingHlc === marketingHlc && marketingHlc.endsWith(CARRIED)),
  );

export const isSameWord = (one: WordOf, other: WordOf): boolean =>
  one.marketingHlc === other.marketingHlc && one.hasMarketingConsent === other.hasMarketingConsent;

/**
 * What a word on the profile that a person goes on as makes of one of their former selves: a fresh agreement counts for
 * the whole person, also where a former self had said no; and whatever counted with it goes with it. Only a word does
 * that: a merge gives nothing, and an un-merge takes back what was said of two people (`unmergeMember`).
 */
export function carryWord<Row extends WordOf>(former: Row, before: WordOf, after: WordOf): Row {
  const { hasMarketingConsent, marketingHlc } = after;
  const isLinked = before.hasMarketingConsent && isCarriedFrom(former, [before]);
  const isFresh = hasMarketingConsent && !former.hasMarketingConsent && former.marketingHlc < marketingHlc;
  return isLinked || isFresh
    ? { ...former, hasMarketingConsent, marketingHlc: carriedFrom(marketingHlc) }
    : former;
}

/**
 * Former selves that the word on their later self changes, also of one who goes on as somebody else by now: the till
 * that took the word had not heard of that, and it counts no less for having come after.
 */
function carried(
  rows: RowReader,
  { seq }: Applied,
  { before, after }: { before: MemberRow; after: MemberRow },
) {
  if (isSameWord(before, after)) return [];
  const { memberId } = before;
  return [...below(rows, rows.mergedSet(memberId), memberId)].flatMap((id): RowChange[] => {
    const former = id === memberId ? undefined : rows.member(id);
    if (former === undefined || former.state === 'anonymised') return [];
    const row = carryWord(former, before, after);
    return row === former ? [] : [{ table: 'member', row: { ...row, seq }, clocks: rows.fieldClocks(id) }];
  });
}

/** The later word counts; at the same instant the withdrawal does. Every word stays in the ledger. */
export function recordConsent(
  rows: RowReader,
  applied: Applied,
  body: OpBodyOf<'consent.recorded'>,
): Outcome {
  const member = rows.member(body.memberId);
  if (member === undefined) return { held: 'unknown_target' };
  const row: MemberRow = { ...member, seq: applied.seq };
  const { hlc } = applied;
  const isTie = [hlc, carriedFrom(hlc)].includes(member.marketingHlc);
  const isNewer = hlc > member.marketingHlc || (isTie && !body.isGranted);
  if (isNewer && member.state !== 'anonymised') {
    row.hasMarketingConsent = body.isGranted;
    row.marketingHlc = hlc;
  }
  return {
    held: null,
    changes: [
      { table: 'member', row, clocks: rows.fieldClocks(body.memberId) },
      ...carried(rows, applied, { before: member, after: row }),
      { table: 'consent', row: consentOf(applied, body) },
    ],
    flags: [],
  };
}
