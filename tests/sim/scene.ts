import type { OpId, TillId } from '../../sync/base/ids.ts';
import { CHAIN_START } from '../../sync/model/op.ts';
import { copyTables, MemoryCentre, type CentreTables } from '../parts/memory-centre.ts';
import { signingPublicKey } from '../../crm/node-crypto.ts';
import { toCardNumber } from '../../sync/base/card-number.ts';
import { CARD_BLOCK_SIZE, type CardBlock } from '../../sync/model/feed.ts';
import { CentreNode, tokenHash } from './centre-node.ts';
import { checkBank, checkCards, checkChains, checkFeed, checkLattice, checkSet } from './checks-centre.ts';
import { checkAcks, checkView, opsIn } from './checks-till.ts';
import { History } from './history.ts';
import { Ledger } from './ledger.ts';
import { Line, type Answer, type Request } from './network.ts';
import { CHAIN, simDocuments, STORES } from './shop.ts';
import { TillNode, type TillImage } from './till-node.ts';
import { Workload } from './workload.ts';
import type { World } from './world.ts';

const CHECK_EVERY_EVENTS = 400;

/** Everything of one run: the chain's machines, its people, and what they saw. */
export class Scene {
  readonly world: World;
  readonly history = new History();
  readonly ledger = new Ledger();
  readonly store: MemoryCentre;
  readonly centres: CentreNode[];
  readonly tills: TillNode[] = [];
  readonly workload: Workload;
  /** Who presses buttons at a till that came later. */
  onNewTill: (node: TillNode) => void = () => undefined;
  #events = 0;

  /** Signing takes half of a run's time, so only some runs do it. */
  readonly isSigned: boolean;

  constructor(
    world: World,
    { tills, centres, isSigned }: { tills: number; centres: number; isSigned: boolean },
  ) {
    this.isSigned = isSigned;
    this.world = world;
    const documents = simDocuments();
    this.store = new MemoryCentre({
      epoch: world.random.hex(8),
      seq: documents.length,
      nextAccountNo: 1,
      nextCardSerial: 0,
      nextBlockId: 1,
      cardKey: world.random.hex(16),
    });
    for (const document of documents)
      this.store.tables.documents.set(`${document.kind} ${document.id}`, document);
    this.centres = Array.from(
      { length: centres },
      (_, at) => new CentreNode(world, this.store, { name: `centre ${at + 1}`, isSigned }),
    );
    this.workload = new Workload(world);
    for (let at = 0; at < tills; at += 1) this.#addTill(at + 1);
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
    this.tills.push(node);
    return node;
  }

  /** The till goes on with an older copy of its files: what only the newer ones held is lost with them. */
  restoreTill(node: TillNode, image: TillImage): void {
    const { opIds, strays } = this.store.tables;
    const kept = new Set(opsIn(image.till).map(({ op }) => op.opId));
    const gone = opsIn(node.files.till).filter(({ op }) => !opIds.has(op.opId) && !strays.has(op.opId));
    this.history.loseWithDisk(gone.map(({ op }) => op.opId).filter((opId) => !kept.has(opId)));
    node.replaceFiles(image);
  }

  /** A second machine with the same files: somebody copied the disk. */
  cloneTill(node: TillNode): void {
    const clone = this.newNode(`${node.name}'`);
    clone.replaceFiles(node.image());
    clone.boot();
    this.onNewTill(clone);
  }

  /** The centre's database is put back to an earlier copy, and told so. */
  restoreCentre(image: CentreTables): void {
    for (const centre of this.centres) centre.crash();
    const kept = new Set(
      this.tills.flatMap((node) => node.ownFiles.flatMap((file) => opsIn(file).map(({ op }) => op.opId))),
    );
    const { opIds, strays } = this.store.tables;
    this.store.tables = copyTables(image);
    // A till that was put back too has nothing left to send again.
    const gone = ([...opIds.keys(), ...strays.keys()] as OpId[]).filter((opId) => !kept.has(opId));
    this.history.loseWithDisk(gone.filter((opId) => !image.opIds.has(opId) && !image.strays.has(opId)));
    const head = this.store.tables.head.get('head');
    if (head === undefined) throw new Error('the centre has its head');
    this.store.tables.head.set('head', { ...head, epoch: this.world.random.hex(8) });
    this.world.tell(`the centre is put back to ${head.seq} and counts anew`);
    for (const centre of this.centres) centre.restart();
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
        ...{ chain: CHAIN, secretKey, centreKeys: { signKey, sealKey: signKey } },
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
    for (const memberId of new Set([this.world.random.pick(members), ...latest]))
      checkView(node, memberId, { tables: this.store.tables, ledger: this.ledger });
  }

  /** Between events, now and then: the rules that hold at any moment. */
  onEvent(): void {
    this.#events += 1;
    if (this.#events % CHECK_EVERY_EVENTS === 0) this.checkAlways();
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
    for (const node of this.tills) checkAcks(node, tables);
  }
}
