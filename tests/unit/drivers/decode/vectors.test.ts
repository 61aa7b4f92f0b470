import { describe, expect, test } from 'vitest';
import { traceScans } from '../../../../drivers/trace.ts';
import type { ScanEvent } from '../../../../drivers/decode/scan-event.ts';
import given from '../../../vectors/given.json' with { type: 'json' };
import { givenEvents } from '../../../vectors/given-events.ts';
import { cardVectors } from '../../../vectors/own-cards.ts';
import { deviceVectors } from '../../../vectors/own-devices.ts';
import { gs1Vectors } from '../../../vectors/own-gs1.ts';
import { retailVectors } from '../../../vectors/own-retail.ts';
import { textVectors } from '../../../vectors/own-texts.ts';
import { VECTOR_RULES, type ExpectedEvent, type Vector } from '../../../vectors/vector.ts';

const own = { retailVectors, gs1Vectors, textVectors, cardVectors, deviceVectors };

function play(profile: string, chunks: readonly string[]): ScanEvent[] {
  const { events, problem } = traceScans({ ...VECTOR_RULES, profile, chunks });
  expect(problem).toBeNull();
  return (events ?? []).map(({ event }) => event);
}

/** Only what the vector names, but that as a whole. */
function cut(event: ScanEvent, expected: ExpectedEvent | undefined): unknown {
  if (event.type === 'scan' && expected?.type === 'scan') {
    const named = Object.keys(expected.scan) as (keyof typeof event.scan)[];
    return { type: 'scan', scan: Object.fromEntries(named.map((name) => [name, event.scan[name]])) };
  }
  if (event.type !== 'scan-error' || expected?.type !== 'scan-error') return event;
  const { type, code, hint } = event;
  return expected.hint === undefined ? { type, code } : { type, code, hint };
}

/** What came out of a vector, cut to what it names: to be equal to its events. */
function outOf({ profile, chunks, events }: Omit<Vector, 'name'>): unknown[] {
  return play(profile, chunks).map((event, at) => cut(event, events[at]));
}

describe('given vectors', () => {
  test('all fifty have their events', () => {
    expect(given.map(({ id }) => givenEvents[id]).filter((events) => events === undefined)).toEqual([]);
    expect(given.length).toBe(50);
  });
  // The keys of number 49 are abridged in the text; the whole is among ours.
  test.each(given.filter(({ id }) => id !== 49))('$id $profile: $expect', ({ id, profile, in: chunks }) => {
    const events = givenEvents[id] ?? [];
    expect(outOf({ profile, chunks, events })).toEqual(events);
  });
  test('49 with all of its keys', () => {
    const codes = Array.from('4006381333931', (digit) => `Digit${digit}`).join(' ');
    const events = givenEvents[49] ?? [];
    const chunks = [`codes ${codes} on an AZERTY OS`];
    expect(outOf({ profile: 'wedge layout=us', chunks, events })).toEqual(events);
  });
});

describe.each(Object.entries(own))('%s', (_group, vectors) => {
  test.each([...vectors])('$name', (vector) => {
    expect(outOf(vector)).toEqual(vector.events);
  });
});

test('the same bytes under layout A give no AIM of digits', () => {
  const chunks = given.find(({ id }) => id === 38)?.in ?? [];
  for (const event of play('hidpos A', chunks)) expect(event.type).toBe('scan-error');
});

test('nothing that was refused is found in what comes out', () => {
  for (const { profile, chunks } of Object.values(own).flat()) {
    const told = JSON.stringify(play(profile, chunks));
    expect(told).not.toMatch(/4111111111111111|3782822463|7083059900001|DOE|DAQ|636000/);
  }
});
