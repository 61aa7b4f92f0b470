import type { OpId } from '../../sync/base/ids.ts';
import type { Worker } from './shop.ts';

/** What a person asked a till for, once; pressing again keeps the id. */
export interface Intent {
  /** Counts what people meant to do: one press, whatever ids it is tried under. */
  press: number;
  opId: OpId;
  method: string;
  input: Readonly<Record<string, unknown>>;
  worker: Worker;
}

/** `shown`: the tick was on the screen. `unknown`: the machine died, or said that it can not save. */
export type Fate = 'shown' | 'refused' | 'unknown';

export interface Asked {
  intent: Intent;
  till: string;
  fate: Fate;
}

/** A day whose end somebody was shown. */
export interface ShownClose {
  till: string;
  day: string;
  signature: string;
}

/** What people saw, kept outside of every machine: the truth that the checkers hold the files against. */
export class History {
  readonly asked = new Map<OpId, Asked>();
  /** Ops that went with a disk, put back or lying, while nobody else had them: the centre not yet, or no more. */
  readonly lostWithDisk = new Set<OpId>();
  /** What the centre lost with its own disk after the till had heard that it is safe: it kept it in one place only. */
  readonly lostByCentre = new Set<OpId>();

  readonly closes: ShownClose[] = [];

  noteClose(close: ShownClose): void {
    this.closes.push(close);
  }

  note(till: string, intent: Intent, fate: Fate): void {
    const known = this.asked.get(intent.opId);
    // What was shown once stays shown; a refusal says that nothing was saved, whatever came of it before.
    if (known?.fate === 'shown') return;
    this.asked.set(intent.opId, { intent, till, fate });
  }

  /** The disk of `till` is replaced: whatever is in `ops` and nowhere else is gone, and nobody can help it. */
  loseWithDisk(ops: Iterable<OpId>): void {
    for (const opId of ops) this.lostWithDisk.add(opId);
  }

  /** Ops whose tick was shown and that no disk took with it. */
  *shown(): Iterable<Asked> {
    for (const asked of this.asked.values())
      if (asked.fate === 'shown' && !this.lostWithDisk.has(asked.intent.opId)) yield asked;
  }
}
