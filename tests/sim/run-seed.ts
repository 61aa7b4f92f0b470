import { dayAt } from '../../sync/base/business-day.ts';
import type { CentreTables } from '../parts/memory-centre.ts';
import { limits } from '../parts/memory-repos/feed.ts';
import { seedChance } from '../parts/memory-node/chance.ts';
import { centreHash, documentsIn, documentsOf, opsIn, replicaHash } from './checks-till.ts';
import { checkCloses } from './checks-close.ts';
import { sendable } from './disasters.ts';
import { checkErased } from './checks-inbox.ts';
import { wrongTiers } from './checks-tiers.ts';
import { FaultPlan } from './faults.ts';
import type { Intent } from './history.ts';
import type { Random } from './random.ts';
import { reachedIn } from './reached.ts';
import { Scene } from './scene.ts';
import { PEOPLE } from './shop.ts';
import { spilledOps } from './spilled.ts';
import type { TillNode } from './till-node.ts';
import { Violation, World } from './world.ts';

const MINUTE_MS = 60_000;
/** In place of a press: some days are closed in the middle, some after their end, some twice. */
const CLOSE_CHANCE = 0.025;
/** After the last fault every replica equals the centre within so much virtual time. */
const CONVERGE_WITHIN_MS = 10 * MINUTE_MS;

export interface SeedResult {
  seed: number;
  kind: 'safety' | 'liveness';
  trace: string;
  events: number;
  tills: number;
  ops: number;
  faults: readonly string[];
  /** Null: every rule held. */
  violation: string | null;
  lines: readonly string[];
  /** Situations of `reached.ts` that this run met. */
  reached: readonly string[];
}

function drawTills(random: Random): number {
  return random.isHit(0.85) ? random.between(2, 5) : random.between(6, 20);
}

/** People press buttons at each till, on and off, until the shop closes. */
function open(scene: Scene, random: Random, forMs: number): void {
  const { world, workload } = scene;
  const pressesPerTill = Math.max(8, Math.round(random.between(70, 240) / scene.tills.length));
  const pauseMs = forMs / pressesPerTill;
  const endMs = world.elapsedMs() + forMs;
  scene.onNewTill = (node) => press(node, null);
  const press = (node: TillNode, last: Intent | null): void => {
    world.after(-Math.log(1 - random.next()) * pauseMs, () => {
      if (world.elapsedMs() > endMs) return;
      if (random.isHit(CLOSE_CHANCE)) node.closeDay(random.pick(PEOPLE));
      const isUnknown = last !== null && scene.history.asked.get(last.opId)?.fate === 'unknown';
      const intent = workload.next(node, isUnknown);
      const forged = workload.forgery(node, intent);
      if (forged === null) node.act(intent);
      else node.forge(intent, forged);
      press(node, intent);
    });
  };
  for (const node of scene.tills) press(node, null);
}

/** In effect, held, or kept beside the feed for a manager. */
const isAtCentre = ({ opIds, strays }: CentreTables, opId: string): boolean =>
  opIds.has(opId) || strays.has(opId);

/** Every op that was shown is at the centre, waits in the till that made it, or in a manager's hand. */
function checkNothingLost(scene: Scene): void {
  const { history, store } = scene;
  const waiting = sendable(scene);
  for (const { intent, till } of history.shown()) {
    if (isAtCentre(store.tables, intent.opId) || waiting.has(intent.opId)) continue;
    throw new Violation(`set: op ${intent.opId} (${intent.method}) was shown on ${till} and is nowhere`);
  }
}

function lagging(scene: Scene): string[] {
  const { tables } = scene.store;
  const { crypto } = scene.world;
  const truth = centreHash(tables, crypto);
  // As the stores of `simDocuments` have it.
  const today = dayAt(scene.world.nowMs(), 'Asia/Singapore', 4);
  const wrong = scene.hasTiers ? wrongTiers(tables, today) : [];
  const late = scene.tills.flatMap((node) => {
    // Two copies of one till, or one whose secret is not known any more: a manager's to mend.
    if (node.isStopped || node.isLost) return [];
    const unconfirmed = checkErased(node, tables);
    if (unconfirmed !== null) return [unconfirmed];
    const { outstanding } = node.files.till.ops.counts();
    if (outstanding > 0) return [`${node.name} still has ${outstanding} ops`];
    if (documentsOf(node) !== documentsIn(tables))
      return [`${node.name} holds other documents than the centre`];
    return replicaHash(node, crypto) === truth ? [] : [`${node.name} holds other rows than the centre`];
  });
  return [...wrong, ...late];
}

function checkAllCloses({ tills, store }: Scene): void {
  for (const node of tills) if (!node.isStopped && !node.isLost) checkCloses(node, store.tables);
}

/** A day is asked about after the ops of it: what a till has sent is not yet what it has proven. */
function areClosesSound(scene: Scene): boolean {
  try {
    checkAllCloses(scene);
    return true;
  } catch (cause) {
    if (cause instanceof Violation) return false;
    throw cause;
  }
}

/** Liveness: with the faults over, all come together in bounded time, and then nothing is outstanding. */
async function converge(scene: Scene): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    await scene.world.runFor(CONVERGE_WITHIN_MS / 10, () => scene.onEvent());
    if (lagging(scene).length === 0 && areClosesSound(scene)) break;
  }
  // Whoever remembered more has said so by now: from here on all are held to the same numbers.
  scene.endUntold();
  const late = lagging(scene);
  if (late.length > 0) throw new Violation(`liveness: ${late.slice(0, 3).join('; ')}`);
  const stopped = new Set(
    scene.tills
      .filter((node) => node.isStopped)
      // One that lost its power a moment ago puts back at its next start what its spill has.
      .flatMap((node) => [
        ...node.ownFiles.flatMap((file) => opsIn(file).map(({ op }) => op.opId)),
        ...spilledOps(node.files),
      ]),
  );
  for (const { node, isDone } of scene.rescues)
    if (!isDone) throw new Violation(`liveness: nobody could bring the spill of ${node.name}`);
  for (const { intent, till } of scene.history.shown())
    if (!stopped.has(intent.opId) && !isAtCentre(scene.store.tables, intent.opId))
      throw new Violation(`set: op ${intent.opId} (${intent.method}) of ${till} never reached the centre`);
  for (const node of scene.tills) scene.checkAcksOf(node);
  checkAllCloses(scene);
}

async function play(scene: Scene, faults: FaultPlan, kind: SeedResult['kind']): Promise<void> {
  const { world } = scene;
  // Many tills do in less time what few do.
  const forMs = world.random.between(3, scene.tills.length > 5 ? 5 : 14) * MINUTE_MS;
  const people = world.random.fork();
  await world.runFor(5_000, () => scene.onEvent());
  open(scene, people, forMs);
  faults.start(forMs);
  scene.manager.start();
  await world.runFor(forMs, () => scene.onEvent());
  scene.checkAlways();
  checkNothingLost(scene);
  if (kind === 'safety') return;
  faults.calm();
  scene.manager.goHome();
  world.tell('the faults are over');
  await converge(scene);
  scene.checkAlways();
}

const wordsOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  const deeper = cause.cause === undefined ? '' : ` <- ${wordsOf(cause.cause)}`;
  return (cause instanceof Violation ? cause.message : (cause.stack ?? cause.message)) + deeper;
};

/** One whole run. The same seed gives the same trace, event by event. */
export async function runSeed(seed: number): Promise<SeedResult> {
  seedChance(String(seed));
  const world = new World(seed);
  const { random } = world;
  // Slices are cut by how long they took: here they take no time.
  performance.now = () => world.elapsedMs();
  limits.rowsMax = random.pick([Infinity, Infinity, 60, 12]);
  const kind = random.isHit(0.25) ? 'safety' : 'liveness';
  const scene = new Scene(world, {
    tills: drawTills(random),
    centres: random.isHit(0.4) ? 2 : 1,
    isSigned: random.isHit(0.2),
    hasTiers: seed % 3 === 0,
  });
  const faults = new FaultPlan(scene, { cutsRefills: seed % 2 === 0 });
  let violation: string | null = null;
  try {
    await play(scene, faults, kind);
  } catch (cause) {
    violation = wordsOf(cause);
  }
  const tills = scene.tills.length;
  const ops = scene.store.tables.ops.size;
  return {
    seed,
    kind,
    tills,
    ops,
    faults: faults.names,
    violation,
    reached: reachedIn(scene),
    ...world.result(),
  };
}
