import { expect, test } from 'vitest';
import { createAppointments } from '../../../crm/appointments.ts';
import { createLane, type Lane, type LaneLimits } from '../../../crm/lane.ts';
import { BusyRefusal } from '../../../crm/refusal.ts';

const LIMITS: LaneLimits = { insideMax: 2, waitingMax: 3, readingMax: 10, perCallerMax: 4 };

const refusalOf = (act: () => unknown): { status: number; retryAfterS: number } => {
  try {
    act();
  } catch (cause) {
    if (cause instanceof BusyRefusal) return { status: cause.status, retryAfterS: cause.retryAfterS };
    throw cause;
  }
  throw new Error('nobody was refused');
};

interface Visitor {
  name: string;
  entered: Promise<void>;
}

function arrive(lane: Lane, name: string, onIn: (name: string) => void): Visitor {
  const visitor: Visitor = { name, entered: Promise.resolve() };
  lane.announce(visitor, name);
  visitor.entered = lane.enter(visitor).then(() => onIn(name));
  // Awaited by who wants to know.
  visitor.entered.catch(() => undefined);
  return visitor;
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test('so many are inside, the next wait in their order, and who comes then is sent away', async () => {
  const lane = createLane(LIMITS);
  const inside: string[] = [];
  const visitors = ['a', 'b', 'c', 'd', 'e'].map((name) => arrive(lane, name, (who) => inside.push(who)));
  await turn();
  expect(inside).toEqual(['a', 'b']);
  expect(refusalOf(() => lane.announce({}, 'f')).status).toBe(503);
  for (const visitor of visitors.toReversed()) lane.leave(visitor);
  await turn();
  expect(inside).toEqual(['a', 'b']);
  for (const visitor of visitors.slice(2)) await expect(visitor.entered).rejects.toThrow('has gone');
});

test('whoever leaves makes room for the one who has waited longest', async () => {
  const lane = createLane(LIMITS);
  const inside: string[] = [];
  const [a, b, c] = ['a', 'b', 'c', 'd'].map((name) => arrive(lane, name, (who) => inside.push(who)));
  await turn();
  lane.leave(b as object);
  await turn();
  expect(inside).toEqual(['a', 'b', 'c']);
  lane.leave(a as object);
  lane.leave(c as object);
  await turn();
  expect(inside).toEqual(['a', 'b', 'c', 'd']);
});

test('one caller has so many and no more, the others have theirs', async () => {
  const lane = createLane({ ...LIMITS, insideMax: 100 });
  const visitors = Array.from({ length: 4 }, () => ({}));
  for (const visitor of visitors) lane.announce(visitor, 'loud');
  expect(refusalOf(() => lane.announce({}, 'loud'))).toEqual({ status: 429, retryAfterS: 1 });
  lane.announce({}, 'quiet');
  lane.leave(visitors[0] as object);
  lane.announce({}, 'loud');
});

test('what still comes in takes no place, and so many do at once', async () => {
  const lane = createLane(LIMITS);
  for (let at = 0; at < 9; at += 1) lane.announce({}, `slow ${at}`);
  let isIn = false;
  const whole = arrive(lane, 'whole', () => (isIn = true));
  await whole.entered;
  expect(isIn).toBe(true);
  lane.announce({}, 'the tenth');
  expect(refusalOf(() => lane.announce({}, 'one more')).status).toBe(503);
});

test('who was refused or is unknown leaves nothing behind', async () => {
  const lane = createLane({ ...LIMITS, perCallerMax: 1 });
  const [first, second] = [{}, {}];
  lane.announce(first, 'a');
  expect(refusalOf(() => lane.announce(second, 'a')).status).toBe(429);
  lane.leave(second);
  expect(refusalOf(() => lane.announce(second, 'a')).status).toBe(429);
  lane.leave(first);
  lane.leave(first);
  lane.announce(second, 'a');
});

test('a crowd that is sent away comes back spread over the time that it takes to serve it', () => {
  const appointments = createAppointments();
  // Forty are served each second.
  for (let nowMs = 0; nowMs <= 10_000; nowMs += 25) appointments.noteServed(nowMs);
  const waits = Array.from({ length: 4_000 }, (_, at) => appointments.next(10_000, (at % 10) / 10));
  const perSecond = new Map<number, number>();
  for (const wait of waits) perSecond.set(wait, (perSecond.get(wait) ?? 0) + 1);
  expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(60);
  expect(Math.min(...waits)).toBe(1);
  expect(Math.max(...waits)).toBeGreaterThanOrEqual(95);
  expect(Math.max(...waits)).toBeLessThanOrEqual(102);
});

test('nobody is sent away for more than two minutes, and those far behind not to one moment', () => {
  const appointments = createAppointments();
  const waits = Array.from({ length: 100_000 }, (_, at) => appointments.next(0, (at % 100) / 100));
  expect(Math.max(...waits)).toBeLessThanOrEqual(121);
  const last = waits.slice(-10_000);
  expect(new Set(last).size).toBeGreaterThan(50);
  // The clock of an hour later, and one that went back: turns begin anew.
  expect(appointments.next(3_600_000, 0)).toBe(1);
  expect(appointments.next(0, 0)).toBeLessThanOrEqual(121);
});

test('a quiet hour is no measure of how long serving takes', () => {
  const appointments = createAppointments();
  for (let nowMs = 0; nowMs < 60 * 3_600_000; nowMs += 3_600_000) {
    appointments.noteServed(nowMs);
    appointments.noteCalm();
  }
  const waits = Array.from({ length: 100 }, () => appointments.next(1e9, 0));
  expect(Math.max(...waits)).toBeLessThanOrEqual(2);
});
