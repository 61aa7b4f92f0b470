import type { TillDb } from '../../db/till/types.ts';
import { fillFresh } from '../../electron/core/renewal.ts';
import { rescueFromSpill } from '../../electron/core/spill.ts';
import { createTillSettings } from '../../electron/core/till-settings.ts';
import type { OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { MemoryFill } from '../parts/memory-fill.ts';
import { MemoryFolder, mountFolder } from '../parts/memory-folder.ts';
import { createMemoryReplica } from '../parts/memory-replica.ts';
import { createMemoryTill, type MemoryTill } from '../parts/memory-till.ts';
import type { Random } from './random.ts';
import type { SimDisk } from './sim-disk.ts';
import { simLog, type TillImage } from './till-wiring.ts';

const OPS_MAX = 1_000_000;

/** All files of one machine, and what a start does to them before anything uses them. */
export class TillFiles {
  /** As the core knows the folder. */
  readonly dataDir: string;
  readonly #disk: SimDisk;
  /** Own files of earlier incarnations, by name. */
  readonly #asides = new Map<string, MemoryTill>();
  #image: TillImage;
  /** A copy that is on its way, beside the one in use. */
  #fill: MemoryFill;

  constructor(dataDir: string, disk: SimDisk) {
    this.dataDir = dataDir;
    this.#disk = disk;
    this.#image = {
      till: createMemoryTill(disk),
      replica: createMemoryReplica(disk),
      folder: new MemoryFolder(disk),
    };
    this.#fill = new MemoryFill(disk);
  }

  get image(): TillImage {
    return this.#image;
  }

  get fill(): MemoryFill {
    return this.#fill;
  }

  /** Every file with own ops. */
  get own(): TillDb[] {
    return [this.#image.till, ...this.#asides.values()];
  }

  openAside(file: string): TillDb {
    return must(this.#asides.get(file), 'a file that was set aside is kept');
  }

  /** Another disk is put in. What was set aside and is not on it goes with the one that was there. */
  replace({ till, replica, folder }: TillImage): void {
    const disk = this.#disk;
    for (const file of [...this.#asides.keys()]) if (!folder.has(file)) this.#asides.delete(file);
    this.#fill = new MemoryFill(disk);
    this.#image = { till: till.copy(disk), replica: replica.copy(disk), folder: folder.copy(disk) };
  }

  copy(): TillImage {
    const { till, replica, folder } = this.#image;
    return { till: till.copy(), replica: replica.copy(), folder: folder.copy() };
  }

  /**
   * As every start does it. @returns How many actions came back out of the spill file, and how many wait there.
   *
   * @throws PowerCut @throws DbError The start is to be tried again.
   */
  mend(): { putBack: number; waiting: number } {
    mountFolder(this.dataDir, this.#image.folder);
    this.#disk.withHonesty(() => this.#renew());
    const { till, replica } = this.#image;
    const settings = createTillSettings(till.settings);
    if (settings.isCopyToGo()) {
      replica.clear();
      settings.setCopyToGo(false);
    }
    const enrolment = settings.enrolment();
    return rescueFromSpill({ dataDir: this.dataDir, log: simLog }, till, enrolment);
  }

  /** Where the centre gave the till a new incarnation. */
  #renew(): void {
    const { till, folder } = this.#image;
    if (createTillSettings(till.settings).renewal() === null) return;
    const fresh = createMemoryTill(this.#disk);
    const file = `till.db.incarnation-${this.#asides.size + 1}`;
    fillFresh(fresh, till, file);
    // By its name the till finds it again.
    folder.create(file);
    this.#asides.set(file, till);
    this.#image = { ...this.#image, till: fresh };
  }

  /** @returns Own ops of which the till's file had said that they are safe; null when it forgot nothing at all. */
  losePower(random: Random): OpId[] | null {
    const keep = (unsynced: number): number => random.int(unsynced + 1);
    const { till, replica, folder } = this.#image;
    const unsynced = till.file.unsyncedCount();
    const kept = keep(unsynced);
    const before = kept < unsynced ? till.ops.listAfter(0, OPS_MAX) : [];
    till.file.losePower(kept);
    for (const { file } of [replica, this.#fill]) file.losePower(keep(file.unsyncedCount()));
    folder.losePower(keep);
    if (kept === unsynced) return null;
    return before.flatMap(({ op }) => (till.ops.find(op.opId) === undefined ? op.opId : []));
  }
}
