import type { Random } from './random.ts';
import type { Scene } from './scene.ts';
import type { TillNode } from './till-node.ts';
import { cloneTill, cutRefills, damageCopy, loseTill, restoreCentre, restoreTill } from './disasters.ts';
import { CALM } from './network.ts';
import { copyTables } from '../parts/memory-centre.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

type Fault = (scene: Scene, random: Random) => void;

const someTill = ({ tills }: Scene, random: Random): TillNode => random.pick(tills);

/** Each fault by its name; a run takes some of them. Whatever one breaks mends by itself or by `calm`. */
const FAULTS: Readonly<Record<string, Fault>> = {
  partition: (scene, random) => {
    const node = someTill(scene, random);
    node.line.isCut = true;
    scene.world.tell(`${node.name} is cut off`);
    scene.world.after(random.between(5_000, 8 * MINUTE_MS), () => (node.line.isCut = false));
  },
  weather: (scene, random) => {
    const node = someTill(scene, random);
    node.line.weather = {
      loss: random.pick([0, 0.1, 0.4]),
      duplication: random.pick([0, 0.1, 0.5]),
      flip: scene.isSigned ? random.pick([0, 0, 0.1]) : 0,
      delayMaxMs: random.pick([20, 400, 5_000]),
    };
  },
  'till crash': (scene, random) => someTill(scene, random).crash(),
  'till power cut': (scene, random) => someTill(scene, random).disk.planCut(random.between(1, 6)),
  'disk full': (scene, random) => {
    const node = someTill(scene, random);
    node.disk.setFull(true);
    scene.world.tell(`${node.name} has a full disk`);
    scene.world.after(random.between(2_000, 3 * MINUTE_MS), () => node.disk.setFull(false));
  },
  'centre crash': (scene, random) => {
    const centre = random.pick(scene.centres);
    if (random.isHit(0.3)) centre.crash();
    else centre.planCrash(random.between(1, 40));
    scene.world.after(random.between(1_000, MINUTE_MS), () => centre.restart());
  },
  clock: (scene, random) => {
    const node = someTill(scene, random);
    const { world } = scene;
    const jumps = [
      -world.nowMs(),
      365 * DAY_MS,
      3 * DAY_MS,
      -3 * DAY_MS,
      5 * MINUTE_MS,
      -5 * MINUTE_MS,
      0,
      0,
    ];
    node.clockOffsetMs = random.pick(jumps);
    world.tell(`${node.name} has its clock off by ${node.clockOffsetMs}`);
  },
  'other program': (scene, random) => {
    const node = someTill(scene, random);
    node.install(random.pick(['early', 'early', 'too old', 'ahead']));
    scene.world.after(random.between(20_000, 6 * MINUTE_MS), () => node.install('now'));
  },
  'disk lies': (scene, random) => {
    const { world } = scene;
    const node = someTill(scene, random);
    node.disk.setLying(true);
    world.tell(`${node.name} has a disk that lies`);
    world.after(random.between(5_000, 2 * MINUTE_MS), () => {
      if (random.isHit(0.7)) node.crash();
      node.disk.setLying(false);
    });
  },
  replay: (scene, random) => someTill(scene, random).line.replay(),
};

/** So that a copy is begun anew after somebody was erased, too. */
const DAMAGES_MAX = 4;

/** Happens at most once in a run, to one machine. */
const DISASTERS: Readonly<Record<string, Fault>> = {
  'till restored': (scene, random) => {
    const node = someTill(scene, random);
    const image = node.image();
    const isWhole = random.isHit(0.5);
    const afterMs = random.between(5_000, 6 * MINUTE_MS);
    // What nobody else has heard of goes with the disk of a till that was cut off.
    const isCutOff = random.isHit(0.75);
    scene.world.after(afterMs / 2, () => (node.line.isCut ||= isCutOff));
    scene.world.after(afterMs, () => {
      restoreTill(scene, node, { image, isWhole });
      if (isCutOff) node.line.isCut = false;
    });
  },
  'till cloned': (scene, random) => cloneTill(scene, someTill(scene, random)),
  'copy damaged': (scene, random) => {
    for (let at = random.between(1, DAMAGES_MAX); at > 0; at -= 1)
      scene.world.after(random.between(0, 6 * MINUTE_MS), () => damageCopy(scene, someTill(scene, random)));
  },
  'till lost': (scene, random) => loseTill(scene, someTill(scene, random)),
  'centre restored': (scene, random) => {
    const image = copyTables(scene.store.tables);
    scene.world.after(random.between(5_000, 6 * MINUTE_MS), () => restoreCentre(scene, image));
  },
};
const DISASTER_CHANCE = 0.15;
const CUT_REFILLS = 'refills cut off';
/** Shares of the time in which people work. */
const CUT_REFILLS_AT = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85];

/** How often something goes wrong, and what: drawn anew for each seed, so that few kinds meet often. */
export class FaultPlan {
  readonly names: readonly string[];
  #isOver = false;
  readonly #scene: Scene;
  readonly #random: Random;
  readonly #pauseMs: number;

  constructor(scene: Scene, { cutsRefills }: { cutsRefills: boolean }) {
    this.#scene = scene;
    this.#random = scene.world.random.fork();
    const disasters = Object.keys(DISASTERS).filter(() => this.#random.isHit(DISASTER_CHANCE));
    this.names = [...Object.keys(FAULTS).filter(() => this.#random.isHit(0.5)), ...disasters];
    if (cutsRefills) this.names = [...this.names, CUT_REFILLS];
    this.#pauseMs = this.#random.pick([4_000, 15_000, 60_000]);
  }

  /** @param forMs How long people work: a disaster comes early enough to be lived with. */
  start(forMs: number): void {
    const { world } = this.#scene;
    for (const name of this.names) {
      const disaster = DISASTERS[name];
      if (disaster === undefined) continue;
      world.after(this.#random.int(forMs / 2), () => disaster(this.#scene, this.#random));
    }
    if (this.names.includes(CUT_REFILLS))
      for (const share of CUT_REFILLS_AT) world.after(forMs * share, () => cutRefills(this.#scene));
    if (this.#names.length > 0) this.#next();
  }

  get #names(): string[] {
    return this.names.filter((name) => name in FAULTS);
  }

  #next(): void {
    const { world } = this.#scene;
    world.after(-Math.log(1 - this.#random.next()) * this.#pauseMs, () => {
      if (this.#isOver) return;
      FAULTS[this.#random.pick(this.#names)]?.(this.#scene, this.#random);
      this.#next();
    });
  }

  /** Nothing breaks any more, and what is broken is mended. */
  calm(): void {
    this.#isOver = true;
    for (const node of this.#scene.tills) {
      node.line.isCut = false;
      node.line.weather = CALM;
      node.disk.calm();
      node.clockOffsetMs = 0;
      node.install('now');
    }
    for (const centre of this.#scene.centres) centre.calm();
  }
}
