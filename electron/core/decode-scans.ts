import type { ScanEvent } from '../../drivers/decode/scan-event.ts';
import { profileNames, traceScans, type TraceOptions, type TracedEvent } from '../../drivers/trace.ts';

/** Why nothing could be decoded: a profile that does not exist, with those that do, or chunks written wrong. */
export type DecodeProblem =
  | { readonly problem: 'profile'; readonly known: readonly string[] }
  | { readonly problem: 'chunks' };

/** One event of the scan pipeline as support and scripts read it. Names are an outer surface: add, never rename. */
export type DecodedEvent = Readonly<Record<string, unknown>>;

/** What any bytes become, on a clock of its own: no device, no till, nothing is kept. */
export function decodeScans(options: TraceOptions): readonly DecodedEvent[] | DecodeProblem {
  const { events, problem } = traceScans(options);
  if (problem === 'profile') return { problem, known: profileNames() };
  if (events === null) return { problem: 'chunks' };
  return events.map((traced, seq) => toDecoded(traced, seq + 1));
}

function toDecoded({ event, atMs }: TracedEvent, seq: number): DecodedEvent {
  const told = { type: event.type, at: atMs, seq };
  if (event.type === 'scan') return { ...told, scan: toScanFields(event) };
  if (event.type === 'scan-error') {
    return { ...told, code: event.code, bytes: event.byteCount, hint: event.hint };
  }
  return event.type === 'reply' ? { ...told, reply: event.reply } : { ...told, why: event.why };
}

/** Of a card that was blocked the mask, and no sign more. */
function toScanFields({ scan }: Extract<ScanEvent, { type: 'scan' }>): DecodedEvent {
  const { kind, text, symbology, isDeclared, aim, facts, gs1, addOn, issues, masked } = scan;
  return {
    kind,
    symbology,
    declared: isDeclared,
    ...(aim === null ? undefined : { aim }),
    data: text,
    ...facts,
    ...(gs1 === null ? undefined : { gs1 }),
    ...(addOn === null ? undefined : { addOn }),
    ...(masked === null ? undefined : { masked }),
    issues,
  };
}
