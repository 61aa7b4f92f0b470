import { parseChunks, type Step } from './decode/chunk-notation.ts';
import type { DecodeRules } from './decode/classify.ts';
import { nextStartMs, parseKeys } from './decode/key-notation.ts';
import { createScanDecoder } from './decode/scan-decoder.ts';
import type { ScanEvent } from './decode/scan-event.ts';
import { createWedgeDetector, type WedgeDetector } from './decode/wedge.ts';
import { decodeProfiles, findDecodeProfile } from './profiles/decode.ts';

/** `atMs` counts from the first byte or key. */
export interface TracedEvent {
  readonly event: ScanEvent;
  readonly atMs: number;
}

export type Trace =
  | { readonly events: readonly TracedEvent[]; readonly problem: null }
  | { readonly events: null; readonly problem: 'profile' | 'chunks' };

export interface TraceOptions extends DecodeRules {
  /** As in `decodeProfiles`, or `wedge [layout=us] [prefix=F9] [aim]`. */
  readonly profile: string;
  /** What the device sent, as people write it down, or as bytes. */
  readonly chunks: readonly (string | Uint8Array)[];
}

/** After the last chunk nothing more comes: every silence has passed by then. */
const END_MS = 10_000;

/** Names that `--profile` takes. */
export const profileNames = (): string[] => [...Object.keys(decodeProfiles), 'wedge'];

/** Runs a recording through the decoder of a profile, on a clock of its own. Never throws. */
export function traceScans(options: TraceOptions): Trace {
  const { profile, chunks } = options;
  if (/^wedge\b/i.test(profile)) return traceKeys(options);
  const name = findDecodeProfile(profile);
  if (name === null) return { events: null, problem: 'profile' };
  const steps: Step[] = [];
  for (const chunk of chunks) {
    const parsed: Step[] | null =
      typeof chunk === 'string' ? parseChunks(chunk) : [{ kind: 'bytes', bytes: Uint8Array.from(chunk) }];
    if (parsed === null) return { events: null, problem: 'chunks' };
    steps.push(...parsed);
  }
  const decoder = createScanDecoder({ ...options, ...decodeProfiles[name] });
  const events: TracedEvent[] = [];
  let atMs = 0;
  const note = (told: readonly ScanEvent[]): void => {
    for (const event of told) events.push({ event, atMs });
  };
  for (const step of steps) {
    if (step.kind === 'silence') {
      atMs += step.ms;
      note(decoder.expire(atMs));
      continue;
    }
    note(decoder.push(step.bytes, atMs));
    step.bytes.fill(0);
  }
  atMs += END_MS;
  note(decoder.expire(atMs));
  return { events, problem: null };
}

function toDetector(options: TraceOptions): WedgeDetector {
  const { profile } = options;
  const prefix = /\bprefix=(\w+)/i.exec(profile)?.[1];
  return createWedgeDetector({
    ...options,
    identifiers: 'aim',
    layout: /\blayout=us\b/i.test(profile) ? 'us' : 'os',
    prefix: prefix === undefined ? null : { code: prefix, hasCtrl: false },
  });
}

function traceKeys(options: TraceOptions): Trace {
  const detector = toDetector(options);
  const events: TracedEvent[] = [];
  const note = (decision: ReturnType<WedgeDetector['push']>, atMs: number): void => {
    if (typeof decision === 'object' && 'event' in decision) events.push({ event: decision.event, atMs });
  };
  let startMs = 0;
  for (const chunk of options.chunks) {
    const silence = typeof chunk === 'string' ? /^\+\s*(\d{1,6})\s*(?:ms)?$/.exec(chunk)?.[1] : undefined;
    if (silence !== undefined) {
      startMs += Number(silence);
      continue;
    }
    const keys = typeof chunk === 'string' ? parseKeys(chunk, startMs) : null;
    if (keys === null) return { events: null, problem: 'chunks' };
    for (const key of keys) note(detector.push(key), key.timeMs);
    startMs = nextStartMs(keys.at(-1)?.timeMs ?? startMs);
    note(detector.expire(startMs), startMs);
  }
  return { events, problem: null };
}
