/** Where the keys of a wedge go; what the wiring needs of the document. `Place` is wherever a key lands just now. */
export interface KeyField<Mark, Place> {
  /** Remembers the field as it is now, before the key lands in it. */
  mark(): Mark;
  restore(mark: Mark): void;
  place(): Place;
  /**
   * As if typed at `place`, sign by sign: also for what hears keys without being a field. What was typed in one field
   * never lands in another: with its own gone it is dropped.
   */
  insert(text: string, place: Place): void;
}

type Field = HTMLInputElement | HTMLTextAreaElement;
export interface FieldMark {
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

/** Signs that `field` has more than `mark`, where the text cursor was; null when it differs in any other way. */
function addedSince({ value, start, end }: FieldMark, field: Field): { from: number; to: number } | null {
  if (start === null || end === null) return null;
  const tail = value.slice(end);
  const to = field.value.length - tail.length;
  const isSame = field.value.startsWith(value.slice(0, start)) && field.value.endsWith(tail);
  return isSame && to >= start ? { from: start, to } : null;
}

/**
 * Takes the signs of a scan out as an editing step of its own: a text that a program sets makes the page forget all the
 * steps before it, and a person's Ctrl+Z would do nothing. False where the page can not.
 */
function takeOut(mark: FieldMark): boolean {
  const { field, value, start, end } = mark;
  const added = document.activeElement === field ? addedSince(mark, field) : null;
  if (added === null) return false;
  field.setSelectionRange(added.from, added.to);
  const before = value.slice(start ?? 0, end ?? 0);
  // The old way on purpose: there is no other that keeps the steps.
  if (before === '') document.execCommand('delete');
  else document.execCommand('insertText', false, before);
  return field.value === value;
}

/** No longer than the field lets a person type. */
function insertInto(field: Field, text: string): void {
  const start = field.selectionStart ?? field.value.length;
  const end = field.selectionEnd ?? start;
  const rest = field.value.length - (end - start);
  const room = field.maxLength < 0 ? text.length : Math.max(field.maxLength - rest, 0);
  const fitting = text.slice(0, room);
  writeField(field, field.value.slice(0, start) + fitting + field.value.slice(end));
  if (field.selectionStart === null) return;
  field.setSelectionRange(start + fitting.length, start + fitting.length);
}

/** A key for whoever listens; a space or Enter is left out, which would press what has the focus. */
function sendKey(sign: string): boolean {
  if (sign === ' ') return false;
  const key = new KeyboardEvent('keydown', { key: sign, bubbles: true, cancelable: true });
  return (document.activeElement ?? document.body).dispatchEvent(key);
}

/** The focused text field, or `fallback()` where typing goes when no field has the focus. */
export function documentField(fallback: () => Field | null): KeyField<FieldMark | null, Field | null> {
  const focused = (): Field | null => (isTextField(document.activeElement) ? document.activeElement : null);
  return {
    mark: () => {
      const field = focused() ?? fallback();
      return field && { field, value: field.value, start: field.selectionStart, end: field.selectionEnd };
    },
    restore: (mark) => {
      if (!mark?.field.isConnected) return;
      if (mark.field.value !== mark.value && !takeOut(mark)) writeField(mark.field, mark.value);
      // Fields of type e-mail or number have no selection to put back.
      if (mark.start !== null) mark.field.setSelectionRange(mark.start, mark.end);
    },
    place: focused,
    insert: (text, place) => {
      if (place !== null) {
        if (place.isConnected && isTextField(place)) insertInto(place, text);
        return;
      }
      // Somebody has gone into a field meanwhile.
      if (focused() !== null) return;
      let rest = text;
      while (rest !== '' && focused() === null) {
        const sign = rest.slice(0, 1);
        rest = rest.slice(1);
        const isHeard = sendKey(sign);
        // Whoever listens may have moved the focus into a field, where the key then lands.
        const field = focused();
        if (isHeard && field !== null) insertInto(field, sign);
      }
      const field = focused();
      if (rest !== '' && field !== null) insertInto(field, rest);
    },
  };
}
