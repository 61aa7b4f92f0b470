import { CENTRE_TILL } from '../../crm/decide.ts';
import { purgedErasure } from '../../electron/core/purge.ts';
import { keepTiers } from '../../crm/tier-keeper.ts';
import type { TillRow } from '../../crm/repos/tills.ts';
import type { StoreId, TillId } from '../../sync/base/ids.ts';
import { CHAIN_START } from '../../sync/model/op.ts';
import { MemoryCentre } from '../parts/memory-centre.ts';
import { signingPublicKey } from '../../crm/node-crypto.ts';
import { toCardNumber } from '../../sync/base/card-number.ts';
import { CARD_BLOCK_SIZE, type CardBlock } from '../../sync/model/feed.ts';
import { CentreNode, tokenHash } from './centre-node.ts';
import { checkAllowance, checkFloors, checkGain } from './checks-allowance.ts';
import { checkBank, checkCards, checkChains, checkFeed, checkLattice, checkSet } from './checks-centre.ts';
import { checkAcks, checkFates, checkView, isSameEpoch } from './checks-till.ts';
import { checkWords } from './checks-erased.ts';
import { checkPairs, checkReceipt } from './checks-inbox.ts';
import { checkClosesKept } from './checks-close.ts';
import { tendFeed } from './feed-routes.ts';
import { History } from './history.ts';
import { Ledger } from './ledger.ts';
import { Line, type Answer, type Request } from './network.ts';
import { forgetTail, type Rescue } from './disasters.ts';
import { Manager } from './manager.ts';
import { CENTRE_KEYS, CENTRE_PUBLIC } from './centre-keys.ts';
import { CHAIN, drawPolicy, simDocuments, STORES } from './shop.ts';
import { TillNode } from './till-node.ts';
import { Workload } from './workload.ts';
import { Violation, type World } from './world.ts';

const CHECK_EVERY_EVENTS = 400;
const TIERS_PAUSE_MS = 9_000;

/** As a migration makes it. */
const centreTill = (): TillRow => ({
  ...{ tillId: CENTRE_TILL as TillId, name: 'Centre', storeId: 'centre' as StoreId, incarnation: 1 },
  ...{ hiTseq: 0, headHash: CHAIN_START, state: 'live', signKey: '', fence: '', opSchema: '' },
  ...{ lastBlockId: 0, createdAtMs: 0, lastContactAtMs: 0 },
});

/** Copies of a till have its name and a mark. */
const tillIdOf = ({ name }: TillNode): string => name.replace(/'+$/, '');

/** Everything of one run: the chain's machines, its people, and what they saw. */
export class Scene {
  readonly world: World;
  readonly history = new History();
  readonly ledger = new Ledger();
  readonly store: MemoryCentre;
  readonly centres: CentreNode[];
  readonly tills: TillNode[] = [];
  readonly workload: Workload;
  readonly manager: Manager;
  /** Spill files that somebody has to bring to the centre. */
  readonly rescues: Rescue[] = [];
  /** How often a copy of the members went bad. */
  copiesDamaged = 0;
  /** Tills whose files were doubled, or put back, or all of them once the centre was. */
  readonly #doubtful = new Set<string>();
  /** The last receipt of erasures that each till had. */
  readonly #receipts = new Map<TillNode, number>();
  /** Who presses buttons at a till that came later. */
  onNewTill: (node: TillNode) => void = () => undefined;
  #events = 0;
  #isUntold = false;

  /** Signing takes half of a run's time, so only some runs do it. */
  readonly isSigned: boolean;
  /** In some runs members reach tiers by what they spend; the others stay as they were before there were tiers. */
  readonly hasTiers: boolean;

  constructor(
    world: World,
    {
      tills,
      centres,
      isSigned,
      hasTiers,
    }: { tills: number; centres: number; isSigned: boolean; hasTiers: boolean },
  ) {
    this.isSigned = isSigned;
    this.hasTiers = hasTiers;
    this.world = world;
    const documents = simDocuments(drawPolicy(world.random.fork()), hasTiers);
    this.store = new MemoryCentre({
      epoch: world.random.hex(8),
      seq: documents.length,
      nextAccountNo: 1,
      nextCardSerial: 0,
      nextBlockId: 1,
      cardKey: world.random.hex(16),
    });
    for (const [kind, pair] of Object.entries(CENTRE_KEYS)) this.store.tables.keys.set(kind, pair);
    this.store.tables.tills.set(CENTRE_TILL, centreTill());
    for (const document of documents)
      this.store.tables.documents.set(`${document.kind} ${document.id}`, document);
    this.centres = Array.from(
      { length: centres },
      (_, at) => new CentreNode(world, this.store, { name: `centre ${at + 1}`, isSigned }),
    );
    this.workload = new Workload(world);
    this.manager = new Manager(this);
    for (let at = 0; at < tills; at += 1) this.#addTill(at + 1);
    this.#tendFeed(world.random.pick([4_000, 15_000, 60_000]), world.random.pick([5, 500]));
    if (hasTiers) this.#keepTiers();
  }

  /** As each process does it all the time: several at once, and any of them may die meanwhile. */
  #keepTiers(): void {
    this.world.after(TIERS_PAUSE_MS, () => {
      for (const centre of this.centres.filter(({ isUp }) => isUp))
        centre
          .run((parts) => keepTiers(parts))
          .catch((cause: unknown) => this.world.fail(new Violation('tiers met a bug', { cause })));
      this.#keepTiers();
    });
  }

  /** Some process that is up cuts files of the feed, again and again. */
  #tendFeed(pauseMs: number, openMax: number): void {
    this.world.after(pauseMs, () => {
      const up = this.centres.filter((centre) => centre.isUp);
      if (up.length > 0)
        this.world.random
          .pick(up)
          .run((centre) => tendFeed(centre, openMax))
          .catch((cause: unknown) => this.world.fail(new Violation('the feed met a bug', { cause })));
      this.#tendFeed(pauseMs, openMax);
    });
  }

  /** Some process that is up takes the request. */
  #answering(request: Request): Promise<Answer> | null {
    const up = this.centres.filter((centre) => centre.isUp);
    return up.length === 0 ? null : this.world.random.pick(up).answer(request);
  }

  newNode(name: string): TillNode {
    const line = new Line(this.world, (request) => this.#answering(request));
    const node = new TillNode(this.world, this.history, { name, line, isSigned: this.isSigned });
    node.onStep = () => this.#look(node);
    node.onTailLost = (opIds) => forgetTail(this, opIds);
    this.tills.push(node);
    return node;
  }

  /** Its files were doubled or put back: from now on it may believe too much. */
  doubt(node: TillNode): void {
    this.#doubtful.add(tillIdOf(node));
  }

  #addTill(at: number): void {
    const { tables } = this.store;
    const tillId = `till-${at}` as TillId;
    const storeId = STORES[at % STORES.length] ?? STORES[0];
    if (storeId === undefined) throw new Error('there are stores');
    const token = this.world.random.hex(32);
    const secretKey = this.world.random.hex(32);
    const signKey = signingPublicKey(secretKey);
    const cardBlock = this.#grant(tillId);
    const atMs = this.world.nowMs();
    tables.tills.set(tillId, {
      ...{ tillId, name: tillId, storeId, incarnation: 1, hiTseq: 0, headHash: CHAIN_START, state: 'live' },
      ...{ signKey, fence: '', opSchema: '', lastBlockId: cardBlock.blockId },
      ...{ createdAtMs: atMs, lastContactAtMs: atMs },
    });
    tables.tokens.set(tokenHash(this.world, token), tillId);
    tables.incarnations.set(`${tillId} 1`, { tillId, incarnation: 1, requestId: null, closed: null });
    const node = this.newNode(tillId);
    node.enrol(
      {
        ...{ tillId, incarnation: 1, token, storeId, tillName: tillId, serverUrl: 'http://centre.test' },
        ...{ chain: CHAIN, secretKey, centreKeys: CENTRE_PUBLIC },
      },
      (db) => db.stock.addBlock(cardBlock),
    );
    node.boot();
  }

  /** The first block, as it comes with an enrolment. */
  #grant(tillId: string): CardBlock {
    const { tables } = this.store;
    const head = tables.head.get('head');
    if (head === undefined) throw new Error('the centre has its head');
    const key = { key: head.cardKey, prefix: CHAIN.cardPrefix };
    const [blockId, first] = [head.nextBlockId, head.nextCardSerial];
    const numbers = Array.from({ length: CARD_BLOCK_SIZE }, (_, at) =>
      toCardNumber(this.world.crypto, key, first + at),
    );
    tables.blocks.set(String(blockId), { blockId, numbers, tillId, isFrozen: false });
    tables.head.set('head', { ...head, nextBlockId: blockId + 1, nextCardSerial: first + CARD_BLOCK_SIZE });
    return { blockId, numbers };
  }

  /** After each step of a till: what it shows of somebody it serves is right. */
  #look(node: TillNode): void {
    this.workload.learn(node);
    this.ledger.follow(this.store.tables);
    const { members } = this.workload;
    if (members.length === 0) return;
    const latest = node.files.till.ops.recentMembers(1);
    if (!this.#doubtful.has(tillIdOf(node))) checkGain(node);
    if (!this.#doubtful.has(tillIdOf(node)) && isSameEpoch(node, this.store.tables))
      this.#checkReceiptOf(node);
    for (const memberId of new Set([this.world.random.pick(members), ...latest]))
      checkView(node, memberId, { tables: this.store.tables, ledger: this.ledger });
  }

  /** Its copy each time; all of its files whenever its receipt goes further. */
  #checkReceiptOf(node: TillNode): void {
    checkReceipt(node, this.store.tables);
    const receipt = purgedErasure(node.files);
    if (receipt > (this.#receipts.get(node) ?? 0)) checkWords(node, this.store.tables);
    this.#receipts.set(node, receipt);
  }

  /** Between events, now and then: the rules that hold at any moment. */
  onEvent(): void {
    this.#events += 1;
    if (this.#events % CHECK_EVERY_EVENTS === 0) this.checkAlways();
  }

  /** Whoever remembered more than a centre that was put back has said so by now, but for copies that are stopped. */
  endUntold(): void {
    this.#isUntold = this.store.tables.head.delete('put back, untold');
  }

  /**
   * A file that was doubled, and forgot that the centre counts anew, believes numbers of before. So does a machine
   * that is gone, and can not hear that the centre was put back. A stopped copy is not heard, and may be the only one
   * that knows.
   */
  checkAcksOf(node: TillNode): void {
    if (this.#isUntold && node.isStopped) return;
    const isDoubtful = this.#doubtful.has(tillIdOf(node));
    if (!isDoubtful) checkFates(node, this.store.tables);
    if (!isDoubtful || !(node.hasLostTail || node.isLost)) checkAcks(node, this.store.tables);
  }

  checkAlways(): void {
    const { tables } = this.store;
    this.ledger.follow(tables);
    checkSet(tables, this.history);
    checkFeed(tables);
    checkChains(tables, this.world.crypto);
    checkBank(tables, this.ledger);
    checkLattice(tables);
    checkCards(tables);
    checkPairs(tables);
    const isDoubtful = (tillId: string): boolean => this.#doubtful.has(tillId);
    const forgetful = new Set(this.tills.filter((node) => node.hasLostTail).map(tillIdOf));
    checkAllowance(tables, { isDoubled: isDoubtful, isForgetful: (tillId) => forgetful.has(tillId) });
    for (const node of this.tills) {
      this.checkAcksOf(node);
      if (isDoubtful(tillIdOf(node))) continue;
      checkFloors(node, tables);
      if (!node.hasLostTail) checkClosesKept(node, this.history);
    }
  }
}
