import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseChunks } from '../../../drivers/decode/chunk-notation.ts';
import { findDecodeProfile } from '../../../drivers/profiles/decode.ts';
import { createScanner } from '../../../drivers/scanner.ts';
import { createReplay } from '../../../drivers/transports/replay.ts';
import { must } from '../../../sync/base/must.ts';
import given from '../../vectors/given.json' with { type: 'json' };
import { givenEvents } from '../../vectors/given-events.ts';
import { cardVectors } from '../../vectors/own-cards.ts';
import { deviceVectors } from '../../vectors/own-devices.ts';
import { gs1Vectors } from '../../vectors/own-gs1.ts';
import { retailVectors } from '../../vectors/own-retail.ts';
import { textVectors } from '../../vectors/own-texts.ts';
import { VECTOR_RULES } from '../../vectors/vector.ts';

const SILENCE_MS = 1000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const vectors = [
  ...given.map(({ id, profile, in: chunks }) => ({
    name: id,
    profile,
    chunks,
    events: givenEvents[id] ?? [],
  })),
  ...[retailVectors, gs1Vectors, textVectors, cardVectors, deviceVectors].flat(),
].filter(({ profile }) => !profile.startsWith('wedge'));

/** What a device heard over its slot, its clock and its timers, as kinds and codes in order. */
async function replay(profile: string, chunks: readonly string[]): Promise<string[]> {
  const { transport, device } = createReplay();
  const clock = { nowMs: () => Date.now(), monotonicMs: () => Date.now() };
  const name = must(findDecodeProfile(profile), profile);
  const scanner = createScanner({ ...VECTOR_RULES, path: 'replay', profile: name, transport, clock });
  const heard: string[] = [];
  scanner.onScan((scan) => {
    expect(scan).not.toHaveProperty('masked');
    heard.push(scan.kind);
  });
  scanner.onLoss(({ why }) => heard.push(why));
  await scanner.open();
  for (const step of chunks.flatMap((chunk) => parseChunks(chunk) ?? [])) {
    if (step.kind === 'bytes') device.feed(step.bytes);
    else await vi.advanceTimersByTimeAsync(step.ms);
  }
  await vi.advanceTimersByTimeAsync(SILENCE_MS);
  await scanner.close();
  return heard;
}

test('every vector of bytes comes the same way through transport, slot and timers', async () => {
  expect(vectors.length).toBeGreaterThan(200);
  for (const { name, profile, chunks, events } of vectors) {
    const expected = events.flatMap((event) => {
      if (event.type === 'scan') return [event.scan.kind];
      return event.type === 'scan-error' ? [event.code] : [];
    });
    expect([name, await replay(profile, chunks)]).toEqual([name, expected]);
  }
});
