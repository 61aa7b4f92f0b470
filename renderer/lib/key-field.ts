/** Where the keys of a wedge go; what the wiring needs of the document. */
export interface KeyField<Mark> {
  /** Remembers the field as it is now, before the key lands in it. */
  mark(): Mark;
  restore(mark: Mark): void;
  /** As if typed, sign by sign: also for what hears keys without being a field. */
  insert(text: string): void;
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
export function documentField(fallback: () => Field | null): KeyField<FieldMark | null> {
  const focused = (): Field | null => (isTextField(document.activeElement) ? document.activeElement : null);
  return {
    mark: () => {
      const field = focused() ?? fallback();
      return field && { field, value: field.value, start: field.selectionStart, end: field.selectionEnd };
    },
    restore: (mark) => {
      if (!mark?.field.isConnected) return;
      writeField(mark.field, mark.value);
      // Fields of type e-mail or number have no selection to put back.
      if (mark.start !== null) mark.field.setSelectionRange(mark.start, mark.end);
    },
    insert: (text) => {
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
