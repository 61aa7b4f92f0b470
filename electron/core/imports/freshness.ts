import type { ReplicaDb } from '../../../db/replica/types.ts';
import type { Core } from '../ctx.ts';

/** As of when rows were compared with the members. */
interface Stand {
  replica: ReplicaDb;
  writes: number;
  tseq: number;
}

const standOf = ({ replica, till }: Pick<Core, 'replica' | 'till'>): Stand => {
  const copy = replica();
  return { replica: copy, writes: copy.writes(), tseq: till.ops.last()?.tseq ?? 0 };
};

/** Whether the members still are as a check of this very process saw them, but for what the run itself does. */
export class Freshness {
  readonly #core: () => Pick<Core, 'replica' | 'till'>;
  #stand: Stand | null = null;
  #runId: string | null = null;
  constructor(core: () => Pick<Core, 'replica' | 'till'>) {
    this.#core = core;
  }

  /** From now on this is what was compared with. */
  note(runId = this.#runId): void {
    this.#runId = runId;
    this.#stand = standOf(this.#core());
  }

  /** The run that was checked last. */
  get runId(): string | null {
    return this.#runId;
  }

  forget(): void {
    this.#stand = null;
  }

  /** It was fresh when last asked. */
  isKept(): boolean {
    return this.#stand !== null;
  }

  isFresh(): boolean {
    const [then, now] = [this.#stand, standOf(this.#core())];
    return then?.replica === now.replica && then.writes === now.writes && then.tseq === now.tseq;
  }
}
