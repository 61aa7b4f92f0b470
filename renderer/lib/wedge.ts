import type { ScanEvent } from '../../drivers/decode/scan-event.ts';
import {
  createWedgeDetector,
  WEDGE_GAP_MAX_MS,
  type WedgeDecision,
  type WedgeDetector,
} from '../../drivers/decode/wedge.ts';
import { toReplayText, type WedgeKey } from '../../drivers/decode/wedge-key.ts';
import { documentField, type KeyField } from './key-field.ts';
import type { WedgeRules } from './wedge-rules.ts';

/** Just over the longest pause inside a scan. */
export const WEDGE_EXPIRE_MS = WEDGE_GAP_MAX_MS + 20;

export interface WedgeWireOptions<Mark, Place> {
  readonly detector: WedgeDetector;
  readonly field: KeyField<Mark, Place>;
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
export function createWedgeWire<Mark, Place>(options: WedgeWireOptions<Mark, Place>): WedgeWire {
  const { detector, field, onScan, schedule, nowMs } = options;
  let marked: Mark | undefined;
  /** Where the keys were typed that are held just now. */
  let held: { readonly place: Place } | null = null;
  let stopTimer = (): void => undefined;

  const finish = ({ event, isUnseen }: Extract<WedgeDecision, { event: ScanEvent }>): void => {
    if (marked !== undefined && isUnseen !== true) field.restore(marked);
    marked = undefined;
    onScan(event);
  };
  const replay = (decision: WedgeDecision): void => {
    const { place } = held ?? { place: field.place() };
    held = null;
    if (typeof decision !== 'object') return;
    if ('event' in decision) return finish(decision);
    field.insert(decision.replay.map(toReplayText).join(''), place);
    if (decision.isMark) marked = field.mark();
  };

  return {
    push: (key) => {
      const decision = detector.push(key);
      // Before the timer: a Shift alone must not leave held keys waiting for ever.
      if (decision === 'pass') return false;
      stopTimer();
      if (decision === 'mark') {
        held = null;
        marked = field.mark();
        return false;
      }
      if (decision === 'swallow') {
        held ??= { place: field.place() };
        stopTimer = schedule(() => replay(detector.expire(nowMs())), WEDGE_EXPIRE_MS);
        return true;
      }
      replay(decision);
      return 'event' in decision;
    },
    release: () => {
      stopTimer();
      replay(detector.expire(Number.POSITIVE_INFINITY));
    },
  };
}

/** What the page's own decoder made of a burst of keys. */
export type WedgeEvent = ScanEvent;

export interface WedgeOptions {
  readonly rules: WedgeRules;
  /** Where keys go that nothing has the focus for. */
  readonly fallback: () => HTMLInputElement | null;
  /** `type` puts a text where its keys would have gone. */
  readonly onScan: (event: ScanEvent, type: (text: string) => void) => void;
  /** Hears every key first, whoever typed it; true keeps it from everybody else. */
  readonly tap: (key: WedgeKey) => boolean;
}

/** Listens for a keyboard-wedge scanner on the whole page, before anything else hears a key. */
export function listenForWedge({ rules, fallback, onScan, tap }: WedgeOptions): () => void {
  const field = documentField(fallback);
  const wire = createWedgeWire({
    detector: createWedgeDetector(rules),
    field,
    onScan: (event) => onScan(event, (text) => field.insert(text, field.place())),
    schedule: (act, delayMs) => {
      const timer = setTimeout(act, delayMs);
      return () => clearTimeout(timer);
    },
    nowMs: () => performance.now(),
  });
  const hearKey = (event: KeyboardEvent): void => {
    // Of an input method: it makes its own text of these keys.
    if (event.isComposing || event.key === 'Process') return;
    const key = toWedgeKey(event);
    if (!(event.isTrusted && tap(key)) && !wire.push(key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', hearKey, { capture: true });
  window.addEventListener('pointerdown', wire.release, { capture: true });
  window.addEventListener('blur', wire.release);
  return () => {
    wire.release();
    window.removeEventListener('keydown', hearKey, { capture: true });
    window.removeEventListener('pointerdown', wire.release, { capture: true });
    window.removeEventListener('blur', wire.release);
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
