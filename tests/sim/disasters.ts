import { takeSpill } from '../../crm/spills.ts';
import { oweOwnKeys, restoreSomeKeys } from '../../electron/core/own-keys.ts';
import type { OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { copyTables, type CentreTables } from '../parts/memory-centre.ts';
import { createMemoryReplica } from '../parts/memory-replica.ts';
import { opsIn } from './checks-till.ts';
import type { Scene } from './scene.ts';
import { PEOPLE } from './shop.ts';
import { spilledOps, spillFiles } from './spilled.ts';
import { isOfDisk, type TillNode } from './till-node.ts';
import type { TillImage } from './till-wiring.ts';

const MANAGER = must(
  PEOPLE.find(({ role }) => role === 'manager'),
  'a shop has a manager',
).staffId;
const TRY_AGAIN_MS = 20_000;

/** What waits for a manager to bring it to the centre: the spill files of a machine that is gone. */
export interface Rescue {
  node: TillNode;
  files: readonly Uint8Array[];
  opIds: readonly OpId[];
  isDone: boolean;
}

const isAtCentre = ({ opIds, strays }: CentreTables, opId: OpId): boolean =>
  opIds.has(opId) || strays.has(opId);

/**
 * The till goes on with an older copy of its files: what only the newer ones held is lost with them.
 *
 * @param isWhole False: only the databases were put back, the spill file stayed as it was.
 */
export function restoreTill(
  scene: Scene,
  node: TillNode,
  { image, isWhole }: { image: TillImage; isWhole: boolean },
): void {
  const { tables } = scene.store;
  scene.doubt(node);
  const next: TillImage = isWhole ? image : { ...image, folder: node.image().folder };
  const kept = new Set([...opsIn(next.till).map(({ op }) => op.opId), ...spilledOps(next)]);
  const [files, spilled] = [node.ownFiles, spilledOps(node.files)];
  node.replaceFiles(next);
  const gone = files.filter((file) => !node.ownFiles.includes(file)).flatMap((file) => opsIn(file));
  const before = [...gone.map(({ op }) => op.opId), ...spilled];
  scene.history.loseWithDisk(before.filter((opId) => !isAtCentre(tables, opId) && !kept.has(opId)));
}

/** A page of the copy of the members went bad: the next start begins another, as `openCopy` does. */
export function damageCopy(scene: Scene, node: TillNode): void {
  scene.copiesDamaged += 1;
  scene.world.tell(`${node.name} has a damaged copy`);
  const image = node.image();
  oweOwnKeys(image.till);
  while (restoreSomeKeys(image.till)) continue;
  node.replaceFiles({ ...image, replica: createMemoryReplica() });
}

/** A fresh copy was on its way to each till and was cut off: the first of it lies beside the copy in use. */
export function cutRefills({ tills, store }: Scene): void {
  const members = [...store.tables.members.values()].map(({ row }) => row);
  const image = Buffer.from(JSON.stringify({ members, cards: [], accounts: [] }));
  for (const node of tills) {
    if (node.core === null || node.isSyncing || node.files.replica.meta().settled === 0) continue;
    try {
      node.fill.begin('cut off');
      node.fill.insertChunk(image, 0);
    } catch (cause) {
      if (!isOfDisk(cause)) throw cause;
    }
  }
}

/** A second machine with the same files: somebody copied the disk. */
export function cloneTill(scene: Scene, node: TillNode): void {
  const clone = scene.newNode(`${node.name}'`);
  scene.doubt(node);
  clone.replaceFiles(node.image());
  // What the one has forgotten, its copy never knew.
  [clone.isTailLost, clone.hasLostTail] = [node.isTailLost, node.hasLostTail];
  clone.boot();
  scene.onNewTill(clone);
}

/** What machines that are there, or their files in a manager's hand, can still send. */
export const sendable = ({ tills, rescues }: Scene): Set<OpId> =>
  new Set([
    ...tills
      .filter(({ isLost }) => !isLost)
      .flatMap((node) => [
        ...node.ownFiles.flatMap((file) => opsIn(file).map(({ op }) => op.opId)),
        ...spilledOps(node.files),
      ]),
    ...rescues.flatMap(({ opIds }) => opIds),
  ]);

/**
 * A disk that lied forgot these own ops. What the centre had confirmed and then lost too, before they were sent again,
 * was kept nowhere else.
 */
export function forgetTail(scene: Scene, opIds: readonly OpId[]): void {
  const { store, history } = scene;
  const doubly = opIds.filter((opId) => history.lostByCentre.has(opId) && !isAtCentre(store.tables, opId));
  if (doubly.length === 0) return;
  const kept = sendable(scene);
  history.loseWithDisk(doubly.filter((opId) => !kept.has(opId)));
}

/** The centre's database is put back to an earlier copy; now and then nobody tells it. */
export function restoreCentre(scene: Scene, image: CentreTables): void {
  const { store, history, world, centres } = scene;
  for (const centre of centres) centre.crash();
  for (const node of scene.tills) scene.doubt(node);
  const kept = sendable(scene);
  const { opIds, strays } = store.tables;
  store.tables = copyTables(image);
  // A till that was put back too has nothing left to send again, nor has the centre's own node.
  const gone = ([...opIds.keys(), ...strays.keys()] as OpId[]).filter((opId) => !isAtCentre(image, opId));
  const ownOps = scene.tills.flatMap((node) => node.ownFiles.flatMap((file) => opsIn(file)));
  const confirmed = new Set(ownOps.flatMap(({ op, ackSeq }) => (ackSeq === null ? [] : op.opId)));
  for (const opId of gone) if (confirmed.has(opId)) history.lostByCentre.add(opId);
  history.loseWithDisk(gone.filter((opId) => !kept.has(opId)));
  const head = must(store.tables.head.get('head'), 'the centre has its head');
  const isTold = world.random.isHit(0.5);
  if (isTold) store.tables.head.set('head', { ...head, epoch: world.random.hex(8) });
  else store.tables.head.set('put back, untold', head);
  world.tell(`the centre is put back to ${head.seq} and ${isTold ? 'counts anew' : 'does not know'}`);
  for (const centre of centres) centre.restart();
  for (const rescue of scene.rescues) {
    if (!rescue.isDone) continue;
    rescue.isDone = false;
    bring(scene, rescue);
  }
}

/** A machine is stolen or broken; somebody brings what was beside its files. Now and then it turns up again. */
export function loseTill(scene: Scene, node: TillNode): void {
  const { world } = scene;
  node.lose();
  const rescue = {
    node,
    files: spillFiles(node.files.folder),
    opIds: spilledOps(node.files),
    isDone: false,
  };
  // What the centre had and lost with its own disk was not kept beside the files any more.
  const forgotten = opsIn(node.files.till).filter(
    ({ op, ackSeq }) => ackSeq !== null && !isAtCentre(scene.store.tables, op.opId),
  );
  const kept = new Set([...rescue.opIds, ...sendable(scene)]);
  scene.history.loseWithDisk(forgotten.map(({ op }) => op.opId).filter((opId) => !kept.has(opId)));
  scene.rescues.push(rescue);
  world.after(world.random.between(1_000, 120_000), () => bring(scene, rescue));
  if (world.random.isHit(0.3)) world.after(world.random.between(60_000, 240_000), () => node.findAgain());
}

/** As the console does it; again until it was done, because a process may die meanwhile. */
export function bring(scene: Scene, rescue: Rescue): void {
  const { world } = scene;
  if (rescue.isDone) return;
  world.after(TRY_AGAIN_MS, () => bring(scene, rescue));
  const up = scene.centres.filter((centre) => centre.isUp);
  if (up.length === 0) return;
  const { tables } = scene.store;
  const taken = world.random.pick(up).run(async (centre) => {
    for (const bytes of rescue.files) await takeSpill(centre, bytes, MANAGER);
  });
  taken.then(
    () => {
      // A database that was put back meanwhile has nothing of it.
      rescue.isDone = tables === scene.store.tables;
      world.tell(`the spill of ${rescue.node.name} was brought: ${rescue.opIds.length} ops`);
    },
    (cause: unknown) => world.fail(cause),
  );
}
