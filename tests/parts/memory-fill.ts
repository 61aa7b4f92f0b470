import type { ReplicaPlace } from '../../db/replica/worker-tasks.ts';
import { must } from '../../sync/base/must.ts';
import type { AccountRow, CardRow } from '../../sync/model/card.ts';
import { EMPTY_ROWS } from '../../sync/model/feed.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import { MemoryFile, MemoryTable, type DiskFaults } from './memory-file.ts';
import { createMemoryReplica, type MemoryReplica } from './memory-replica.ts';

/** What a chunk's image is here. */
export interface MemoryChunk {
  members: MemberRow[];
  cards: CardRow[];
  accounts: AccountRow[];
}

interface End {
  epoch: string;
  cursor: number;
}

/** A copy that is being filled beside the one in use; survives what its chunks survived. */
export class MemoryFill {
  readonly file: MemoryFile;
  /** How often it has become the copy. */
  adoptions = 0;
  /** How often it went unfinished. */
  removals = 0;
  /** An erasure let it go. */
  isLetGo = false;
  readonly #faults: DiskFaults | undefined;
  readonly #snapshot: MemoryTable<'name', string>;
  readonly #chunks: MemoryTable<number, MemoryChunk>;
  readonly #end: MemoryTable<'end', End>;

  constructor(faults?: DiskFaults) {
    this.#faults = faults;
    this.file = new MemoryFile('replica', faults);
    this.#snapshot = new MemoryTable(this.file);
    this.#chunks = new MemoryTable(this.file);
    this.#end = new MemoryTable(this.file);
  }

  /** As `findFillOf`; null when there is none. */
  find() {
    const snapshot = this.#snapshot.get('name');
    if (snapshot === undefined) return null;
    const { epoch, cursor } = this.#end.get('end') ?? { epoch: '', cursor: 0 };
    return { snapshot, chunks: this.#chunks.size, isReady: cursor > 0, epoch, cursor };
  }

  /** As `beginFill`: goes on with the same snapshot, begins with another. */
  begin(snapshot: string) {
    if (this.#snapshot.get('name') !== snapshot || this.#end.size > 0)
      this.file.transact(() => {
        this.#clear();
        this.#snapshot.set('name', snapshot);
      });
    return must(this.find(), 'it has just begun');
  }

  insertChunk(image: Uint8Array, at: number): void {
    if (this.#chunks.has(at)) return;
    // Cast: it was packed by its twin.
    const chunk = JSON.parse(Buffer.from(image).toString()) as MemoryChunk;
    this.file.transact(() => this.#chunks.set(at, chunk));
  }

  finish(end: End): void {
    this.file.transact(() => this.#end.set('end', end));
  }

  /** Everybody whom it knows so far. */
  members(): MemberRow[] {
    return [...this.#chunks.values()].flatMap(({ members }) => members);
  }

  remove(): void {
    if (this.#snapshot.size === 0) return;
    this.file.transact(() => this.#clear());
    this.removals += 1;
  }

  /** The copy that it has become; nothing is left beside it. */
  adopt(): MemoryReplica {
    const { epoch, cursor } = must(this.#end.get('end'), 'a fill is adopted when it is ready');
    const fresh = createMemoryReplica(this.#faults);
    const rows = [...this.#chunks.values()];
    fresh.apply(
      {
        ...EMPTY_ROWS,
        members: rows.flatMap(({ members }) => members),
        cards: rows.flatMap(({ cards }) => cards),
        accounts: rows.flatMap(({ accounts }) => accounts),
      },
      { epoch, cursor, isSettled: false },
    );
    this.file.transact(() => this.#clear());
    this.adoptions += 1;
    return fresh;
  }

  #clear(): void {
    for (const table of [this.#snapshot, this.#chunks, this.#end])
      (table as MemoryTable<unknown, unknown>).clear();
  }
}

const mounted = new Map<string, MemoryFill>();

/** From now on the code under simulation finds this fill beside the copy at `path`. */
export const mountFill = (path: string, fill: MemoryFill): void => void mounted.set(path, fill);

/** The same for who only looks; undefined where no till is. */
export const fillBeside = (path: string): MemoryFill | undefined => mounted.get(path);

export const fillAt = ({ path }: ReplicaPlace): MemoryFill =>
  must(mounted.get(path), 'a simulated till has a place for a fill');
