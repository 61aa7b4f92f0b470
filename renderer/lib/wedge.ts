import type { ScanEvent } from '../../drivers/decode/scan-event.ts';
import {
  createWedgeDetector,
  WEDGE_GAP_MAX_MS,
  type WedgeDecision,
  type WedgeDetector,
} from '../../drivers/decode/wedge.ts';
import type { WedgeKey } from '../../drivers/decode/wedge-key.ts';

/** Just over the longest pause inside a scan. */
export const WEDGE_EXPIRE_MS = WEDGE_GAP_MAX_MS + 20;

/** The field that keys go to; what the wiring needs of the document. */
export interface KeyField<Mark> {
  /** Remembers the field as it is now, before the key lands in it. */
  mark(): Mark;
  restore(mark: Mark): void;
  /** As if typed. */
  insert(text: string): void;
}

export interface WedgeWireOptions<Mark> {
  readonly detector: WedgeDetector;
  readonly field: KeyField<Mark>;
  readonly onScan: (event: ScanEvent) => void;
  /** Runs `act` once after `delayMs`; the answer stops it. */
  readonly schedule: (act: () => void, delayMs: number) => () => void;
  readonly nowMs: () => number;
}

export interface WedgeWire {
  /** True: the key must go no further. */
  push(key: WedgeKey): boolean;
  /** Before the focus moves: gives held keys back to the field that has it. */
  release(): void;
}

/** Turns the detector's decisions into deeds on the focused field. */
export function createWedgeWire<Mark>(options: WedgeWireOptions<Mark>): WedgeWire {
  const { detector, field, onScan, schedule, nowMs } = options;
  let marked: Mark | undefined;
  let stopTimer = (): void => undefined;

  const finish = (event: ScanEvent): void => {
    if (marked !== undefined) field.restore(marked);
    marked = undefined;
    onScan(event);
  };
  const replay = (decision: WedgeDecision): void => {
    if (typeof decision !== 'object') return;
    if ('event' in decision) return finish(decision.event);
    field.insert(decision.replay.map(({ key }) => key).join(''));
    if (decision.isMark) marked = field.mark();
  };

  return {
    push: (key) => {
      const decision = detector.push(key);
      // Before the timer: a Shift alone must not leave held keys waiting for ever.
      if (decision === 'pass') return false;
      stopTimer();
      if (decision === 'mark') {
        marked = field.mark();
        return false;
      }
      if (decision === 'swallow') {
        stopTimer = schedule(() => replay(detector.expire(nowMs())), WEDGE_EXPIRE_MS);
        return true;
      }
      if ('event' in decision) {
        finish(decision.event);
        return true;
      }
      replay(decision);
      return false;
    },
    release: () => {
      stopTimer();
      replay(detector.expire(Number.POSITIVE_INFINITY));
    },
  };
}

type Field = HTMLInputElement | HTMLTextAreaElement;
interface FieldMark {
  readonly field: Field;
  readonly value: string;
  readonly start: number | null;
  readonly end: number | null;
}

const TEXT_TYPES: ReadonlySet<string> = new Set([
  'text',
  'search',
  'tel',
  'url',
  'email',
  'password',
  'number',
]);
export const isTextField = (element: Element | null): element is Field =>
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement &&
    TEXT_TYPES.has(element.type) &&
    !element.readOnly &&
    !element.disabled);

/** Sets a field's text in a way that React notices: through the element's own setter, then an input event. */
function writeField(field: Field, value: string): void {
  const prototype =
    field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** The focused text field, or `fallback()` where typing goes when nothing has the focus. */
function documentField(fallback: () => Field | null): KeyField<FieldMark | null> {
  const current = (): Field | null =>
    isTextField(document.activeElement) ? document.activeElement : fallback();
  return {
    mark: () => {
      const field = current();
      return field && { field, value: field.value, start: field.selectionStart, end: field.selectionEnd };
    },
    restore: (mark) => {
      if (!mark?.field.isConnected) return;
      writeField(mark.field, mark.value);
      // Fields of type e-mail or number have no selection to put back.
      if (mark.start !== null) mark.field.setSelectionRange(mark.start, mark.end);
    },
    insert: (text) => {
      const field = current();
      if (!field) return;
      const start = field.selectionStart ?? field.value.length;
      const end = field.selectionEnd ?? start;
      writeField(field, field.value.slice(0, start) + text + field.value.slice(end));
      if (field.selectionStart !== null) field.setSelectionRange(start + text.length, start + text.length);
    },
  };
}

export interface WedgeOptions {
  /** Leading digits of the chain's own cards. */
  readonly ownPrefixes: readonly string[];
  /** Where keys go that nothing has the focus for. */
  readonly fallback: () => HTMLInputElement | null;
  readonly onScan: (event: ScanEvent) => void;
}

/** Listens for a keyboard-wedge scanner on the whole page, before anything else hears a key. */
export function listenForWedge({ ownPrefixes, fallback, onScan }: WedgeOptions): () => void {
  const wire = createWedgeWire({
    detector: createWedgeDetector({ identifiers: 'aim', ownPrefixes, layout: 'os', prefix: null }),
    field: documentField(fallback),
    onScan,
    schedule: (act, delayMs) => {
      const timer = setTimeout(act, delayMs);
      return () => clearTimeout(timer);
    },
    nowMs: () => performance.now(),
  });
  const hearKey = (event: KeyboardEvent): void => {
    if (!wire.push(toWedgeKey(event))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', hearKey, { capture: true });
  window.addEventListener('pointerdown', wire.release, { capture: true });
  return () => {
    window.removeEventListener('keydown', hearKey, { capture: true });
    window.removeEventListener('pointerdown', wire.release, { capture: true });
  };
}

const toWedgeKey = (event: KeyboardEvent): WedgeKey => ({
  code: event.code,
  key: event.key,
  timeMs: event.timeStamp,
  isTrusted: event.isTrusted,
  isRepeat: event.repeat,
  hasShift: event.shiftKey,
  hasCtrl: event.ctrlKey,
  hasAlt: event.altKey,
  hasMeta: event.metaKey,
  isCapsLock: event.getModifierState('CapsLock'),
});
