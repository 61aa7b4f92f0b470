import { hlcMs } from '../../../sync/base/clock.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { formatPhone } from '../../../sync/base/phone.ts';
import { isRemoved } from '../../../sync/model/extras.ts';
import type { InboxDetail, WrittenValue } from '../../../sync/model/inbox.ts';
import type { HeldReason } from '../../../sync/model/feed.ts';
import { OpBody, type OpBodyOf } from '../../../sync/model/op.ts';
import { isOverNewest } from '../../../sync/merge/documents.ts';
import { rootOf } from '../../../sync/merge/merged.ts';
import { isOfTwo } from '../../../sync/merge/second-person.ts';
import { FITTING, type InboxReply, type InboxView } from '../../../sync/protocol/inbox.ts';
import { InboxAction, type HeldOpView, type InboxItem, type InboxPerson } from '../../contract/inbox.ts';
import type { Balance } from '../../contract/views.ts';
import type { Ctx } from '../ctx.ts';
import { nameOf, cardFacts } from '../views/member-view.ts';
import { cardsOf, unitOf } from '../views/card-view.ts';

/** As this till knows her now; of one whom it does not hold the id only. */
export function toPerson(ctx: Ctx, memberId: MemberId): InboxPerson {
  const row = ctx.replica().member(memberId) ?? ctx.overlay.lay(memberId)?.member;
  const laid = ctx.overlay.lay(memberId);
  // A card that was replaced has the account of the new one: it would say the same twice.
  const own = (laid?.cards ?? [])
    .filter((card) => card.memberId === memberId && card.status !== 'replaced')
    .map(({ cardId }) => cardId);
  const cards = laid === undefined ? [] : cardsOf(laid, cardFacts(ctx));
  const visits = [...(laid?.accounts.values() ?? [])].map(({ view }) => view);
  const lastVisitAtMs = Math.max(
    0,
    ...visits.filter((view) => view.memberId === memberId).map((view) => view.lastEntryAtMs),
  );
  return {
    memberId,
    isHere: row !== undefined,
    name: row === undefined ? '' : nameOf(row),
    mobile: row?.mobile == null ? '' : formatPhone(row.mobile),
    email: row?.email ?? '',
    dateOfBirth: row?.dateOfBirth ?? null,
    lookupId: row?.lookupId ?? '',
    state: row?.state ?? 'active',
    storeName: row === undefined ? '' : (ctx.directory.store(row.storeId)?.name ?? ''),
    createdAtMs: row?.createdAtMs ?? 0,
    lastVisitAtMs: lastVisitAtMs === 0 ? null : lastVisitAtMs,
    cards: cards
      .filter(({ cardId }) => own.includes(cardId))
      .map(({ cardNumber, cardType, cardTypeZh, balance }) => ({
        ...{ cardNumber, cardType, cardTypeZh, unit: balance.unit },
        balance: balance.confirmed + balance.pending,
      })),
  };
}

/** Whom an item is about: of a pair both, in the item's own order. */
function peopleIn({ memberId, detail }: InboxView): MemberId[] {
  if (detail.kind === 'shared_mobile' || detail.kind === 'shared_lookup_id') return [...detail.memberIds];
  if (detail.kind === 'card_bound_twice') return [detail.keptBy.memberId, detail.other.memberId];
  return memberId === null ? [] : [memberId];
}

/** What could ever help against a reason; the centre has the last word. */
const AGAINST: Readonly<Record<HeldReason, readonly InboxAction[]>> = {
  bad_body: ['repair', 'dismiss'],
  unknown_target: ['apply', 'dismiss'],
  card_number_taken: ['repair', 'dismiss'],
  op_id_repeated: ['dismiss'],
  already_corrected: ['dismiss'],
  already_merged: ['apply', 'dismiss'],
  actor_unknown: ['apply', 'dismiss'],
  not_allowed: ['apply', 'dismiss'],
  document_changed: ['apply', 'dismiss'],
  unknown_rule: ['repair', 'apply', 'dismiss'],
  wrong_kind: ['dismiss'],
  unknown_reward: ['repair', 'apply', 'dismiss'],
  beyond_rule: ['repair', 'apply', 'dismiss'],
};

/** Whom an item says to look at: whoever it is does not answer for herself. */
const watchedActor = (detail: InboxDetail): string | null =>
  detail.kind === 'own_card' || detail.kind === 'hand_limit' ? detail.actorId : null;

/** What of a held op decides who may let it count. */
interface HeldBy {
  readonly body: unknown;
  readonly actorId: string;
}

/** A living person would go with somebody who was anonymised, and that is final. */
function isIntoNobody(
  replica: ReturnType<Ctx['replica']>,
  { memberId, intoId }: OpBodyOf<'member.merged'>,
): boolean {
  const memberOf = (id: MemberId) => replica.member(id);
  const from = memberOf(memberId);
  if (from === undefined || from.state === 'anonymised' || isRemoved(from)) return false;
  return memberOf(rootOf(memberOf, intoId))?.state === 'anonymised';
}

/**
 * Why nobody's word, or not hers, makes a held op count: the rules that the centre has, over the people that this till
 * knows. Of a person whom it has in an older version than the op was made over it does not know.
 */
export function hopelessFor(
  { directory, replica }: Pick<Ctx, 'directory' | 'replica'>,
  { body, actorId }: HeldBy,
  staffId: string | undefined,
): HeldOpView['hopeless'] {
  const read = OpBody.safeParse(body);
  if (!read.success) return null;
  if (actorId === staffId && isOfTwo(read.data)) return 'own_act';
  if (read.data.kind === 'member.merged')
    return isIntoNobody(replica(), read.data) ? 'into_anonymised' : null;
  if (read.data.kind !== 'document.saved' || read.data.docKind !== 'staff') return null;
  const now = directory.staff(read.data.id);
  const isBehind = (now?.version ?? 0) < read.data.baseVersion;
  return isBehind || isOverNewest(now, read.data) ? null : 'late_person';
}

function answersTo(ctx: Ctx, item: InboxView, staffId: string | undefined): InboxAction[] {
  const { kind, state, answer, detail, opId } = item;
  if (state === 'answered') return answer.startsWith('merge ') ? ['unmerge'] : [];
  if (watchedActor(detail) === staffId) return [];
  if (detail.kind === 'held_op') {
    // Of an op of another till the list holds no body: `inbox.getHeld` has it, and says the same of it.
    const own = opId === null ? undefined : ctx.till.ops.find(opId)?.op;
    const isHopeless = own !== undefined && hopelessFor(ctx, own, staffId) !== null;
    return AGAINST[detail.reason].filter((action) => !isHopeless || action === 'dismiss');
  }
  return InboxAction.options.filter((action) => action !== 'unmerge' && FITTING[action].includes(kind));
}

function unitIn(ctx: Ctx, detail: InboxDetail): Balance['unit'] | null {
  if (detail.kind !== 'overdrawn' && detail.kind !== 'own_card' && detail.kind !== 'other_rule') return null;
  const account = detail.accountId === null ? undefined : ctx.replica().account(detail.accountId);
  const type = account === undefined ? undefined : ctx.directory.cardType(account.cardTypeId);
  return type === undefined ? null : unitOf(type.kind);
}

/** Items of the centre in the words that this till has for tills, people and members. */
export function toItems(ctx: Ctx, { items, tills }: InboxReply): InboxItem[] {
  const known = new Map(tills.map((till) => [till.tillId, till]));
  const ownId = ctx.settings.enrolment()?.tillId;
  const placeOf = (tillId: string): InboxItem['place'] => {
    const till = known.get(tillId);
    const storeName = till === undefined ? '' : (ctx.directory.store(till.storeId)?.name ?? '');
    return { tillId, name: till?.name ?? '', storeName, isOwn: tillId === ownId };
  };
  const actorOf = (staffId: string): string => ctx.directory.staff(staffId)?.name ?? staffId;
  const sideOf = ({ value, tillId, actorId, hlc }: WrittenValue) => ({
    ...{ value, place: placeOf(tillId), actorName: actorOf(actorId) },
    atMs: hlcMs(hlc),
  });
  const own = ctx.session?.person.staffId;
  return items.map((item): InboxItem => {
    const { id, kind, state, atMs, seq, detail } = item;
    const watched = watchedActor(detail);
    const said = { answer: item.answer, by: actorOf(item.answeredBy), atMs: item.answeredAtMs };
    return {
      ...{ id, kind, state, atMs, seq, detail, place: placeOf(item.tillId) },
      people: peopleIn(item).map((memberId) => toPerson(ctx, memberId)),
      sides: detail.kind === 'field_conflict' ? [sideOf(detail.kept), sideOf(detail.other)] : null,
      actor: watched === null ? null : { name: actorOf(watched), isYou: watched === own },
      unit: unitIn(ctx, detail),
      answers: answersTo(ctx, item, own),
      answered: state === 'open' ? null : { ...said, reason: item.reason },
    };
  });
}
