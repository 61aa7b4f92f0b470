import type { OwnMember } from '../../../db/replica/register/register-types.ts';
import type { TillDb } from '../../../db/till/types.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { agreesToMarketing } from '../../../sync/merge/consents.ts';
import { readExtras, verifiedWords } from '../../../sync/model/extras.ts';
import { CUSTOM_PREFIX } from '../../../sync/model/register.ts';
import { wordTags } from '../../../sync/model/segment.ts';
import type { Laid } from '../overlay.ts';
import { dataOf } from '../views/card-view.ts';

const OPS_PER_STEP = 200;

/** First own op that the copy may not hold: acks rise, so its place is found by halves. */
function firstOpen({ ops }: TillDb, settledSeq: number): number {
  let low = 0;
  let high = ops.counts().total;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const ackSeq = ops.listAfter(middle, 1)[0]?.ackSeq ?? null;
    if (ackSeq !== null && ackSeq <= settledSeq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Members with actions of this till that the copy does not hold yet, some hundred ops at a time. */
export function* listOpenMembers(till: TillDb, settledSeq: number): Generator<MemberId[]> {
  for (let after = firstOpen(till, settledSeq); ;) {
    const stored = till.ops.listAfter(after, OPS_PER_STEP);
    const last = stored.at(-1);
    if (last === undefined) return;
    yield [...new Set(stored.map(({ op }) => op.body.memberId))];
    after = last.op.tseq;
  }
}

/** A member as the list of members keeps her. */
export function toOwnMember({ member, people, cards, accounts }: Laid): OwnMember {
  const extras = readExtras(member.extras);
  const { email, lookupId, supportId, prefix, street1, street2, postalCode, city, region, country } = member;
  const custom = Object.entries(extras.custom).map(([id, value]) => [`${CUSTOM_PREFIX}${id}`, value]);
  return {
    memberId: member.memberId,
    facts: {
      ...member,
      isListed: member.mergedIntoId === null && member.state !== 'anonymised' && !extras.isRemoved,
      hasMarketingConsent: agreesToMarketing(people),
      groups: extras.groups,
      tags: wordTags(extras.tags),
      verified: verifiedWords(extras.verified),
      custom: extras.custom,
    },
    texts: {
      ...{ email: email ?? '', lookupId, supportId, prefix, street1, street2, postalCode, city, region },
      ...{ country, notes: member.notes, tierUntil: member.tierUntil ?? '', extras: member.extras },
      ...(Object.fromEntries(custom) as Record<string, string>),
    },
    cards: [
      ...new Set(cards.filter(({ status }) => status === 'active').map(({ cardTypeId }) => cardTypeId)),
    ],
    cardRows: cards.map((card) => ({
      card,
      balance: accounts.get(card.accountId)?.view.balance ?? null,
      data: dataOf(people, card),
    })),
    accounts: [...accounts.values()].map(({ view }) => ({
      entryCount: view.entryCount,
      lastEntryAtMs: view.lastEntryAtMs,
    })),
  };
}
