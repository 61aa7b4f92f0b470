import type { SortableTexts } from './text-sort.ts';

/** Between two texts: no text of ours holds it, so nothing is found across a border. */
const BORDER = 0;
const START_BYTES = 1 << 20;
const LEAD_BYTES = 4;

/**
 * One text for each slot, as bytes in one block: a million short texts take what they hold and four bytes each, and a
 * part is looked for in all of them by one search of bytes. A text that changes is written anew at the end.
 */
export class ByteTexts implements SortableTexts {
  #bytes = Buffer.alloc(START_BYTES);
  #end = 1;
  #starts: Int32Array<ArrayBuffer>;
  /** Slots up to here were written in their order, but for those of the tail. */
  #last = -1;
  /** Texts that came out of order, each with its slot: the last one of a slot counts. */
  #tail: { start: number; slot: number }[] = [];
  #tailSlots = new Set<number>();

  constructor(capacity: number) {
    this.#starts = new Int32Array(capacity);
  }

  get byteLength(): number {
    return this.#bytes.byteLength + this.#starts.byteLength;
  }

  grow(capacity: number): void {
    const starts = new Int32Array(capacity);
    starts.set(this.#starts);
    this.#starts = starts;
  }

  /** Not more than 65,535 bytes of UTF-8 and no zero sign. */
  set(slot: number, text: string): void {
    const isInOrder = slot > this.#last;
    if (isInOrder) this.#last = slot;
    else this.#tailSlots.add(slot);
    if (text === '') {
      this.#starts[slot] = 0;
      return;
    }
    if (!isInOrder) this.#tail.push({ start: this.#end, slot });
    const most = text.length * 3 + 1;
    if (this.#end + most > this.#bytes.length) {
      const larger = Buffer.alloc(Math.ceil((this.#bytes.length + most) * 1.25));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    this.#starts[slot] = this.#end;
    this.#end += this.#bytes.write(text, this.#end, 'utf8');
    this.#bytes[this.#end] = BORDER;
    this.#end += 1;
  }

  isEmpty(slot: number): boolean {
    return (this.#starts[slot] ?? 0) === 0;
  }

  get(slot: number): string {
    const start = this.#starts[slot] ?? 0;
    return start === 0 ? '' : this.#bytes.toString('utf8', start, this.#endOf(start));
  }

  #endOf(start: number): number {
    return this.#bytes.indexOf(BORDER, start);
  }

  putKeys(slots: Int32Array, from: number, words: Uint32Array): void {
    const [bytes, starts] = [this.#bytes, this.#starts];
    for (let at = 0; at < slots.length; at += 1) {
      let byteAt = (starts[slots[at] ?? 0] ?? 0) + from;
      let lead = 0;
      let last = 1;
      for (let step = 0; step < LEAD_BYTES; step += 1, byteAt += 1) {
        // What follows a border is somebody else's.
        if (last !== BORDER) last = bytes[byteAt] ?? BORDER;
        lead = (lead << 8) | last;
      }
      if (last !== BORDER) last = bytes[byteAt] ?? BORDER;
      words[2 * at + 1] = lead;
      words[2 * at] = (last << 24) | at;
    }
  }

  /** By bytes, which is by signs of the alphabet tables; without a text last. 0 for equal texts. */
  compareTexts(left: number, right: number): number {
    const leftStart = this.#starts[left] ?? 0;
    const rightStart = this.#starts[right] ?? 0;
    if (leftStart === 0 || rightStart === 0) return leftStart === rightStart ? 0 : leftStart === 0 ? 1 : -1;
    return this.#compareBytes(leftStart, rightStart);
  }

  /** The same, equal texts by slot. */
  compare = (left: number, right: number): number => this.compareTexts(left, right) || left - right;

  #compareBytes(leftStart: number, rightStart: number): number {
    for (let at = 0; ; at += 1) {
      const leftByte = this.#bytes[leftStart + at] ?? BORDER;
      const difference = leftByte - (this.#bytes[rightStart + at] ?? BORDER);
      if (difference !== 0 || leftByte === BORDER) return difference;
    }
  }

  /** Whether the slot's own text holds `part`: for short texts, of which most may hold it. */
  holds(slot: number, part: Uint8Array): boolean {
    const bytes = this.#bytes;
    const first = part[0];
    for (let at = this.#starts[slot] ?? 0; bytes[at] !== BORDER; at += 1) {
      if (bytes[at] !== first) continue;
      let same = 1;
      while (same < part.length && bytes[at + same] === part[same]) same += 1;
      if (same === part.length) return true;
    }
    return false;
  }

  /** Calls `found` for each slot whose text holds `part` where `how` says; once or more often. */
  find(part: string, how: 'contains' | 'starts' | 'ends' | 'is', found: (slot: number) => void): void {
    const wanted = Buffer.from(part, 'utf8');
    const slotAt = this.#slotsByStart();
    const filled = this.#bytes.subarray(0, this.#end);
    for (let at = filled.indexOf(wanted); at >= 0; at = filled.indexOf(wanted, at + 1)) {
      const startsHere = filled[at - 1] === BORDER;
      const endsHere = filled[at + wanted.length] === BORDER;
      if ((how === 'starts' || how === 'is') && !startsHere) continue;
      if ((how === 'ends' || how === 'is') && !endsHere) continue;
      const slot = slotAt(at);
      if (slot >= 0) found(slot);
    }
  }

  /** Which slot's text covers a place of the block; -1 for a text that was replaced. For rising places only. */
  #slotsByStart(): (at: number) => number {
    const inOrder = this.#cursor();
    let next = 0;
    return (at) => {
      while ((this.#tail[next + 1]?.start ?? Infinity) <= at) next += 1;
      const late = this.#tail[next];
      const early = inOrder(at);
      const isLate = late !== undefined && late.start <= at && late.start > (this.#starts[early] ?? 0);
      const slot = isLate ? late.slot : early;
      const start = isLate ? late.start : (this.#starts[early] ?? 0);
      // Where nothing was replaced, whatever is found is somebody's.
      if (this.#tailSlots.size === 0) return early;
      const counts = slot >= 0 && this.#starts[slot] === start && at < this.#endOf(start);
      return counts ? slot : -1;
    };
  }

  /** The last slot written in order whose text begins at or before a place; -1 for none. */
  #cursor(): (at: number) => number {
    let next = 0;
    let last = -1;
    return (at) => {
      for (; next <= this.#last; next += 1) {
        const start = this.#starts[next] ?? 0;
        if (start === 0 || this.#tailSlots.has(next)) continue;
        if (start > at) break;
        last = next;
      }
      return last;
    };
  }
}
