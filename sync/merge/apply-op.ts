import type { Op } from '../model/op.ts';
import { issueCard, replaceCard, setCardStatus } from './cards.ts';
import { saveDocument } from './documents.ts';
import { correctEntry, moveUnits } from './entries.ts';
import { changeExtras, removeMember } from './extras.ts';
import { editPurchase, expireLot } from './lots.ts';
import { recordConsent } from './consents.ts';
import { changeMember, createMember, earnTier } from './members.ts';
import { requestMessage } from './messages.ts';
import { mergeMember, unmergeMember } from './merged.ts';
import { setMemberState } from './member-state.ts';
import type { Outcome, RowReader } from './rows.ts';

/** What the applier knows and the op does not: the number it gets, and its time as the centre counts it. */
export interface Applied {
  op: Op;
  seq: number;
  /** The op's clock, clamped at the centre; see `clampHlc`. */
  hlc: string;
  /** Highest number of the feed that the op's author can have seen; absent where no conflicts are looked for. */
  seenSeq?: number;
  /** A manager answers for it: what was saved apart from another version comes behind that one. */
  isApproved?: boolean;
}

/**
 * What one op does to the rows it names: the one set of rules. The centre decides with it; a till lays its
 * own un-acked ops over the confirmed rows with it.
 *
 * Facts add, in any order; fields take the last writer; states and card status only rise unless a later epoch
 * says otherwise. The caller drops repeats of a known `opId`. Pure: reads `rows`, returns new rows, changes
 * nothing.
 */
export function applyOp(rows: RowReader, applied: Applied): Outcome {
  const { body } = applied.op;
  switch (body.kind) {
    case 'member.created':
      return createMember(rows, applied, body);
    case 'member.changed':
      return changeMember(rows, applied, body);
    case 'member.extras':
      return changeExtras(rows, applied, body);
    case 'member.removed':
      return removeMember(rows, applied, body);
    case 'tier.earned':
      return earnTier(rows, applied, body);
    case 'document.saved':
      return saveDocument(rows, applied, body);
    case 'export.made':
      // Only told: the log of what was done keeps it.
      return { held: null, changes: [], flags: [] };
    case 'message.requested':
      return requestMessage(rows, body);
    case 'member.state':
      return setMemberState(rows, applied, body);
    case 'consent.recorded':
      return recordConsent(rows, applied, body);
    case 'member.merged':
      return mergeMember(rows, applied, body);
    case 'member.unmerged':
      return unmergeMember(rows, applied, body);
    case 'card.issued':
      return issueCard(rows, applied, body);
    case 'card.replaced':
      return replaceCard(rows, applied, body);
    case 'card.status':
      return setCardStatus(rows, applied, body);
    case 'entry.corrected':
      return correctEntry(rows, applied, body);
    case 'purchase.edited':
      return editPurchase(rows, applied, body);
    case 'points.expired':
      return expireLot(rows, applied, body);
    case 'stamp.added':
    case 'visit.deducted':
    case 'visits.added':
    case 'points.credited':
    case 'points.debited':
    case 'credit.toppedUp':
    case 'credit.earned':
    case 'credit.spent':
    case 'reward.redeemed':
    case 'balance.forfeited':
    case 'credit.paidOut':
      return moveUnits(rows, applied, body);
    default:
      // Made by a later program: does not compile while a kind is missing above.
      body satisfies never;
      return { held: 'bad_body' };
  }
}
