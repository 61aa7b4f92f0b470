import type { OpBody } from '../../sync/model/op.ts';
import type { CardRow, EntryRow } from '../../sync/model/card.ts';
import { WHOLE_CHAIN, type MemberId, type OpId, type StaffId } from '../../sync/base/ids.ts';
import { toCardNumber } from '../../sync/base/card-number.ts';
import { isPurchase } from '../../sync/merge/lots.ts';
import type { Intent } from './history.ts';
import type { Random } from './random.ts';
import { CARD_TYPES, PEOPLE, type Worker } from './shop.ts';
import type { TillNode } from './till-node.ts';
import type { World } from './world.ts';

const PRINTED_CARDS = 5;
const KNOWN_ID = '0190a000-0000-7000-8000-000000000000';

type Call = readonly [method: string, input: Record<string, unknown>];

/** What the people of a whole chain do, from a seed. They know members by having served them somewhere. */
export class Workload {
  /** Members that somebody enrolled, in order; the first few are the regulars whom every till serves. */
  readonly members: MemberId[] = [];
  readonly #random: Random;
  /** Cards of a box that several shops were given. */
  readonly #printed: string[];
  readonly #last = new Map<TillNode, Intent>();
  #count = 0;
  #presses = 0;

  constructor(world: World) {
    this.#random = world.random.fork();
    const key = { key: 'printed', prefix: '603556' };
    this.#printed = Array.from({ length: PRINTED_CARDS }, (_, at) => toCardNumber(world.crypto, key, at));
  }

  /** What somebody at this till does next; `last` again, under its id, when nobody knows how it ended. */
  next(node: TillNode, isLastUnknown: boolean): Intent {
    const last = this.#last.get(node);
    if (last !== undefined && this.#random.isHit(isLastUnknown ? 0.8 : 0.04)) return last;
    const worker = this.#worker();
    const [method, input] = this.#call(node, worker);
    this.#presses += 1;
    const intent: Intent = { press: this.#presses, opId: node.newId() as OpId, method, input, worker };
    this.#last.set(node, intent);
    return intent;
  }

  /**
   * What a tampered till sends in its place, now and then, and what a manager does for which this till has no
   * button yet; null: the intent itself. Each op is one that the centre must judge by itself.
   */
  forgery(node: TillNode, { worker }: Intent): OpBody | null {
    const memberId = this.#member(node);
    const member = node.core?.overlay.lay(memberId)?.member;
    // Of whoever a till has erased it can be sure, also where she goes on as somebody else.
    const isErased = node.files.replica.member(memberId)?.state === 'anonymised';
    if (member === undefined || member.state === 'anonymised' || isErased || !this.#random.isHit(0.04))
      return null;
    const reason = 'simulated';
    const epoch = member.stateEpoch + 1;
    if (worker.role === 'manager' && this.#random.isHit(0.7)) {
      const intoId = this.#member(node);
      const secondId = 'staff-supervisor' as StaffId;
      const expiry = this.#expiry(node, memberId);
      return this.#random.pick<OpBody>([
        ...(expiry === null ? [] : [expiry, expiry]),
        // Of a version that another shop saved, and this till never saw.
        {
          ...{ kind: 'document.saved', memberId: WHOLE_CHAIN, docKind: 'group', id: 'regulars' },
          ...{ baseVersion: 1, baseSum: '0'.repeat(16) },
          body: { groupId: 'regulars', version: 2, name: 'elsewhere', nameZh: '', isRetired: false },
        },
        { kind: 'member.merged', memberId, intoId, reason },
        { kind: 'member.unmerged', memberId, intoId: member.mergedIntoId ?? intoId, reason },
        { kind: 'member.state', memberId, state: 'anonymised', epoch, reason, secondId },
        { kind: 'member.state', memberId, state: 'anonymised', epoch, reason, secondId },
      ]);
    }
    return this.#random.pick<OpBody>([
      { kind: 'member.state', memberId, state: 'active', epoch, reason },
      { kind: 'member.state', memberId, state: 'active', epoch: epoch + 7, reason },
      { kind: 'member.changed', memberId, fields: { isCreditAllowed: true } },
      { kind: 'member.removed', memberId, isRemoved: this.#random.isHit(0.5), reason },
    ]);
  }

  /** Members of the till's latest ops are known to everybody from now on. */
  learn(node: TillNode): void {
    for (const memberId of node.files.till.ops.recentMembers(1))
      if (!this.members.includes(memberId)) this.members.push(memberId);
  }

  #worker(): Worker {
    const { staffId, role } = this.#random.isHit(0.6) ? (PEOPLE[0] as Worker) : this.#random.pick(PEOPLE);
    return { staffId, role };
  }

  /** Mostly a regular, and mostly somebody whom this till knows: who else comes in is sent away. */
  #member(node: TillNode): MemberId {
    if (this.members.length === 0) return KNOWN_ID as MemberId;
    for (let tries = 0; ; tries += 1) {
      const isRegular = this.#random.isHit(0.6);
      const memberId = this.#random.pick(isRegular ? this.members.slice(0, 4) : this.members);
      if (tries === 4 || node.core?.overlay.lay(memberId) !== undefined) return memberId;
    }
  }

  #card(node: TillNode, memberId: MemberId, kind?: string): CardRow | undefined {
    const cards = node.core?.overlay.lay(memberId)?.cards ?? [];
    const isOfKind = (card: CardRow): boolean =>
      kind === undefined || CARD_TYPES.find((type) => type.cardTypeId === card.cardTypeId)?.kind === kind;
    const fitting = cards.filter(isOfKind);
    return fitting.length === 0 ? undefined : this.#random.pick(fitting);
  }

  #call(node: TillNode, worker: Worker): Call {
    const memberId = this.#member(node);
    const roll = this.members.length < 3 ? 0 : this.#random.int(100);
    if (roll < 12) return this.#enrolment();
    if (roll < 54) return this.#movement(node, memberId, worker);
    if (roll < 66) return this.#desk(node, memberId, worker);
    if (roll < 76) return this.#cardCall(node, memberId);
    if (roll < 84) return ['members.edit', { memberId, draft: this.#edit(worker) }];
    if (roll < 92) {
      const action = this.#random.pick(['lock', 'unlock', 'block', 'unblock', 'unlock', 'unblock']);
      return ['members.setState', { memberId, action, reason: 'simulated' }];
    }
    if (roll < 95) return ['consents.record', { memberId, isGranted: this.#random.isHit(0.5) }];
    return this.#undo(node);
  }

  /** What a manager's desk does: extras, removals, documents, an amount put right. */
  #desk(node: TillNode, memberId: MemberId, { role }: Worker): Call {
    const roll = role === 'cashier' ? 0 : this.#random.int(10);
    if (roll < 3) return ['members.setExtras', { memberId, patch: this.#extras(role) }];
    if (roll < 6) {
      const method = role === 'manager' ? 'members.restoreRemoved' : 'members.remove';
      return [method, { memberId, reason: 'simulated' }];
    }
    if (roll < 8 && role === 'manager') return this.#document(node);
    const bought = this.#entries(node, memberId).filter(isPurchase);
    const entryOpId = bought.at(-1)?.opId ?? KNOWN_ID;
    const amountMinor = this.#random.between(1, 9_000);
    return ['purchases.edit', { memberId, entryOpId, amountMinor, reason: 'simulated' }];
  }

  #extras(role: Worker['role']): Record<string, unknown> {
    const fax = { custom: { fax: this.#random.pick(['1', '2', null]) } };
    if (role === 'cashier') return fax;
    const word = this.#random.pick(['vip', 'new']);
    const words = this.#random.isHit(0.6) ? { add: [word], remove: [] } : { add: [], remove: [word] };
    return this.#random.pick([fax, { tags: words }, { verified: { mobile: this.#random.isHit(0.5) } }]);
  }

  /** Mostly from what this till holds; the other shops save theirs meanwhile. */
  #document(node: TillNode): Call {
    const known = node.core?.directory.documents('group').find(({ id }) => id === 'regulars');
    const baseVersion = known?.body.version ?? 0;
    const body = { groupId: 'regulars', version: baseVersion + 1, name: `R${this.#random.int(1_000)}` };
    return ['documents.save', { kind: 'group', id: 'regulars', baseVersion, body }];
  }

  #entries(node: TillNode, memberId: MemberId): EntryRow[] {
    const open = [...(node.core?.overlay.lay(memberId)?.openEntries.values() ?? [])].map(({ row }) => row);
    const all = [...node.files.replica.entriesOf(memberId, 50), ...open];
    return all.sort((left, right) => left.wallMs - right.wallMs);
  }

  /** Of some lot of points, as another till may say it too: of this member, or of the first who has one. */
  #expiry(node: TillNode, memberId: MemberId): OpBody | null {
    const lotsOf = (id: MemberId): EntryRow[] =>
      this.#entries(node, id).filter(({ kind }) => kind === 'points.credited');
    const lot = [memberId, ...this.members].flatMap(lotsOf)[0];
    if (lot === undefined) return null;
    const { cardId, accountId, cardTypeVersion, delta, opId } = lot;
    const onCard = { memberId: lot.memberId, cardId, accountId, cardTypeVersion };
    return {
      kind: 'points.expired',
      ...onCard,
      points: Math.max(1, delta),
      lotOpId: opId,
      // Long over, whatever the till's clock says.
      day: '1970-01-01',
    };
  }

  #enrolment(): Call {
    this.#count += 1;
    const isSharedMobile = this.#random.isHit(0.35);
    const mobile = isSharedMobile ? 8_000_000 + this.#random.int(2) : 1_000_000 + this.#random.int(8_000_000);
    const draft = {
      lastName: this.#random.pick(['Tan', 'Lim', '陈', 'Ng']),
      firstName: `Member ${this.#count}`,
      mobile: this.#random.isHit(0.7) ? `+659${mobile}` : null,
      isCreditAllowed: this.#random.isHit(0.6),
    };
    const cardTypeId = this.#random.isHit(0.9) ? this.#random.pick(CARD_TYPES).cardTypeId : null;
    return [
      'members.add',
      { draft, cardTypeId, cardNumber: this.#number(), hasMarketingConsent: this.#random.isHit(0.5) },
    ];
  }

  /** Mostly the next of the till's block, now and then a printed card. */
  #number(): string | null {
    return this.#random.isHit(0.14) ? this.#random.pick(this.#printed) : null;
  }

  #cardCall(node: TillNode, memberId: MemberId): Call {
    const card = this.#card(node, memberId);
    if (card === undefined || this.#random.isHit(0.5))
      return [
        'cards.issue',
        { memberId, cardTypeId: this.#random.pick(CARD_TYPES).cardTypeId, cardNumber: this.#number() },
      ];
    const { cardId } = card;
    if (this.#random.isHit(0.4)) return ['cards.reportLost', { cardId, reason: '' }];
    return ['cards.replace', { cardId, reason: '', cardNumber: this.#number() }];
  }

  #edit(worker: Worker): Record<string, unknown> {
    const text = `v${this.#random.int(1_000)}`;
    const draft = this.#random.pick([
      { notes: text },
      { street1: text },
      { firstName: `Name ${text}` },
      { city: text, notes: text },
    ]);
    return worker.role !== 'cashier' && this.#random.isHit(0.4)
      ? { ...draft, isCreditAllowed: this.#random.isHit(0.7) }
      : draft;
  }

  #movement(node: TillNode, memberId: MemberId, worker: Worker): Call {
    const card = this.#card(node, memberId);
    const cardId = card?.cardId ?? KNOWN_ID;
    const kind = CARD_TYPES.find((type) => type.cardTypeId === card?.cardTypeId)?.kind;
    const count = this.#random.between(1, 5);
    const isOut = this.#random.isHit(0.35);
    if (kind === 'points') return this.#points(cardId, worker, isOut);
    if (kind === 'credit') {
      const creditMinor = this.#random.between(1, 40) * 100;
      return [isOut ? 'credit.spend' : 'credit.topUp', { cardId, creditMinor, receiptNo: 'r' }];
    }
    if (kind === 'visits' && isOut) return ['visits.deduct', { cardId, count: 1 }];
    if (kind === 'visits') return ['visits.add', { cardId, count: 10, receiptNo: '' }];
    if (kind === 'coupon') return ['rewards.redeem', { cardId, rewardId: 'drink' }];
    return isOut
      ? ['rewards.redeem', { cardId, rewardId: 'free-coffee' }]
      : ['stamps.add', { cardId, count }];
  }

  #points(cardId: string, { role }: Worker, isOut: boolean): Call {
    if (isOut) return ['points.debit', { cardId, points: this.#random.between(1, 30), reason: '' }];
    const bought = { amountMinor: this.#random.between(100, 9_000), receiptNo: 'r', points: null };
    const byHand = { amountMinor: null, receiptNo: '', points: this.#random.between(1, 50) };
    return ['points.credit', { cardId, reason: '', second: null, ...(role === 'manager' ? byHand : bought) }];
  }

  #undo(node: TillNode): Call {
    const last = node.files.till.ops.last()?.tseq ?? 0;
    const tseq = Math.max(0, last - 1 - this.#random.int(6));
    const undoesOpId = node.files.till.ops.listAfter(tseq, 1)[0]?.op.opId ?? KNOWN_ID;
    return ['entries.undo', { undoesOpId, reason: 'simulated' }];
  }
}
