import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReplica } from '../../db/replica/open.ts';
import type { ReplicaCounts } from '../../db/replica/types.ts';
import type { Enrolment } from '../../electron/core/till-settings.ts';
import { must } from '../../sync/base/must.ts';
import { KEY_HEX, openTestTill, type TestTill } from '../parts/till.ts';
import type { PeerStamp } from './peers/stamp.ts';
import { OWN_NAME } from './peers-figures.ts';
import {
  centrePids,
  countBooked,
  enrolFolder,
  makeStamps,
  openFiles,
  syncTill,
  type OwnFiles,
} from './peers-own-files.ts';
import type { SyncSite } from './sync-site.ts';

/** Two tills of the product, with files on disk, and a real CRM on PostgreSQL. */
export class OwnPair {
  readonly name = OWN_NAME;
  readonly #site: SyncSite;
  readonly #folder = mkdtempSync(join(tmpdir(), 'counterfoil-peer-own-'));
  readonly #first = join(this.#folder, 'first');
  readonly #second = join(this.#folder, 'second');
  #enrolment: Enrolment | null = null;
  #files: OwnFiles | null = null;
  #puller: TestTill | null = null;
  #filled = 0;
  /** What other parts of the bench had booked. */
  #before = { booked: 0, entries: 0 };

  constructor(site: SyncSite) {
    this.#site = site;
  }

  /** Both tills hold the whole chain when it resolves. */
  async open(): Promise<void> {
    this.#enrolment = await enrolFolder(this.#site, this.#first);
    await enrolFolder(this.#site, this.#second);
    await this.settle();
    this.#puller = openTestTill(this.#second);
    await this.pull();
    this.#before = await this.#countThere();
  }

  /** The next stamps of the first till, one for each of so many members. */
  makeStamps(count: number): PeerStamp[] {
    const { members } = this.#site;
    const made = this.#filled;
    return makeStamps(must(this.#enrolment, 'it is enrolled'), { count, made, first: made, members });
  }

  async fill(stamps: readonly PeerStamp[]): Promise<void> {
    this.#files = openFiles(this.#first);
    await this.#files.fill(stamps);
    this.#filled += stamps.length;
  }

  push(): Promise<void> {
    return must(this.#files, 'it is filled').push();
  }

  async pull(): Promise<void> {
    await must(this.#puller, 'the second till is on').client['sync.run']({});
  }

  /** The first till hears of what its own stamps did, as its next run would tell it. */
  async settle(): Promise<void> {
    this.#files?.close();
    this.#files = null;
    await syncTill(this.#first);
  }

  async counts(): Promise<number[]> {
    const first = must(this.#files, 'it is filled').countAcked();
    const { booked, entries } = await this.#countThere();
    return [first, booked - this.#before.booked, entries - this.#before.entries];
  }

  async #countThere(): Promise<{ booked: number; entries: number }> {
    const second = openReplica({ path: join(this.#second, 'replica.db'), keyHex: KEY_HEX });
    const { entries }: ReplicaCounts = second.counts();
    second.close();
    return { booked: await countBooked(this.#site), entries };
  }

  async pids(): Promise<number[]> {
    return [process.pid, ...(await centrePids(this.#site))];
  }

  async end(): Promise<void> {
    this.#files?.close();
    await this.#puller?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
