import { createAppointments } from './appointments.ts';
import { BusyRefusal } from './refusal.ts';

export interface LaneLimits {
  /** Being answered at once. */
  insideMax: number;
  /** More wait for their turn, in the order in which they came; whoever comes then is sent away unread. */
  waitingMax: number;
  /** Still sending, and as many still taking their answer. They keep nobody waiting, however slow they are. */
  readingMax: number;
  /** Of one caller, in whatever state: nobody keeps others out. */
  perCallerMax: number;
}

/** Room for requests of one kind: what crowds into it leaves the other lanes alone. */
export interface Lane {
  /**
   * A request has begun; from now on it counts, until it leaves.
   *
   * @throws BusyRefusal 429 when its caller has too many here, 503 when too many are.
   */
  announce(visitor: object, caller: string): void;
  /**
   * It is here as a whole: resolves when there is room, at once for who was not announced.
   *
   * @throws BusyRefusal 503 when too many wait.
   */
  enter(visitor: object): Promise<void>;
  /** Its answer is ready, and another has its place; it counts as one of its caller's until it leaves. */
  answer(visitor: object): void;
  /** Answered or gone, in whatever state; who never was here may leave too. */
  leave(visitor: object): void;
}

const tooMany = (): BusyRefusal =>
  new BusyRefusal(
    { status: 429, retryAfterS: 1 },
    'This till asks too much at once. Nothing was changed. It tries again by itself.',
  );

const tooMuch = (retryAfterS: number): BusyRefusal =>
  new BusyRefusal(
    { status: 503, retryAfterS },
    'The centre has much to do. Nothing was changed. The till tries again by itself.',
  );

/** Its connection is closed: nobody hears this. */
const gone = (): BusyRefusal => new BusyRefusal({ status: 503, retryAfterS: 1 }, 'The caller has gone.');

interface Waiting {
  admit(): void;
  giveUp(cause: Error): void;
}

/** @param nowMs A clock that only goes on; of what it shows only differences count. */
export function createLane(limits: LaneLimits, nowMs: () => number = () => performance.now()): Lane {
  const callers = new Map<object, string>();
  const counts = new Map<string, number>();
  const reading = new Set<object>();
  const waiting = new Map<object, Waiting>();
  const inside = new Set<object>();
  const taking = new Set<object>();
  const appointments = createAppointments();

  const count = (caller: string, step: number): void => {
    const sum = (counts.get(caller) ?? 0) + step;
    if (sum > 0) counts.set(caller, sum);
    else counts.delete(caller);
  };
  const assertRoom = (isFull: boolean): void => {
    if (isFull) throw tooMuch(appointments.next(nowMs(), Math.random()));
  };
  const admitNext = (): void => {
    const [next] = waiting;
    if (next === undefined) return appointments.noteCalm();
    const [visitor, { admit }] = next;
    waiting.delete(visitor);
    inside.add(visitor);
    appointments.noteServed(nowMs());
    return admit();
  };

  return {
    announce: (visitor, caller) => {
      if ((counts.get(caller) ?? 0) >= limits.perCallerMax) throw tooMany();
      const isCrowded = reading.size >= limits.readingMax || taking.size >= limits.readingMax;
      assertRoom(waiting.size >= limits.waitingMax || isCrowded);
      callers.set(visitor, caller);
      count(caller, 1);
      reading.add(visitor);
    },
    enter: async (visitor) => {
      if (!reading.delete(visitor)) return;
      if (inside.size < limits.insideMax) return void inside.add(visitor);
      assertRoom(waiting.size >= limits.waitingMax);
      return new Promise((admit, giveUp) => waiting.set(visitor, { admit, giveUp }));
    },
    answer: (visitor) => {
      if (!inside.delete(visitor)) return;
      taking.add(visitor);
      admitNext();
    },
    leave: (visitor) => {
      const caller = callers.get(visitor);
      if (caller === undefined) return;
      callers.delete(visitor);
      count(caller, -1);
      reading.delete(visitor);
      taking.delete(visitor);
      waiting.get(visitor)?.giveUp(gone());
      waiting.delete(visitor);
      if (inside.delete(visitor)) admitNext();
    },
  };
}
