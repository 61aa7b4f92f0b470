import { csvLine } from '../../../sync/base/csv.ts';
import { maskCustom } from '../../../sync/model/attributes.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import { CUSTOM_PREFIX, isBuiltIn, REGISTER_COLUMNS } from '../../../sync/model/register.ts';
import type { Connection } from '../../open.ts';
import type { Register } from './register.ts';
import type { CodeColumnId } from './register-table.ts';
import type { ExportAsk, ExportColumn, OwnMember } from './register-types.ts';

/** A row as the table has it, by column name; what is not read there comes from the list's own columns. */
type TextRow = Record<string, string | number | null>;

interface OpenExport {
  ask: ExportAsk;
  /** In the order of the file on the disk, which is the quickest to read. */
  slots: Int32Array;
  next: number;
  isHeaderDue: boolean;
  cells: readonly CellOf[];
}

/** What one column says of one member. */
type CellOf = (slot: number, row: TextRow, own: OwnMember | undefined) => string;

const SQL_NAMES: Record<string, string> = {
  lastName: 'last_name',
  firstName: 'first_name',
  memberId: 'member_id',
  mobile: 'mobile',
  phone: 'phone',
  dateOfBirth: 'date_of_birth',
  email: 'email',
  lookupId: 'lookup_id',
  supportId: 'support_id',
  prefix: 'prefix',
  street1: 'street1',
  street2: 'street2',
  postalCode: 'postal_code',
  city: 'city',
  region: 'region',
  country: 'country',
  notes: 'notes',
  tierUntil: 'tier_until',
  extras: 'extras',
};
const SELECTED = Object.entries(SQL_NAMES)
  .map(([id, name]) => `${name} AS ${id}`)
  .join(', ');

const textAt = (row: TextRow, id: string): string => String(row[id] ?? '');
/** As the import's template has days: 31/01/1990. */
const dayText = (day: string): string =>
  day === '' ? '' : `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;

const HOUR_MS = 3_600_000;

/** Moments as `2026-11-22 14:02`. What a zone differs by is asked once an hour: each time would take longest of all. */
function momentsIn(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const offsets = new Map<number, number>();
  return (ms) => {
    if (ms < 0) return '';
    const hour = Math.floor(ms / HOUR_MS);
    let offset = offsets.get(hour);
    if (offset === undefined) {
      offset = Date.parse(`${format.format(hour * HOUR_MS).replace(' ', 'T')}:00Z`) - hour * HOUR_MS;
      offsets.set(hour, offset);
    }
    return new Date(ms + offset).toISOString().slice(0, 16).replace('T', ' ');
  };
}

/** Files that are being written, a piece at a time: nothing grows with the members but four bytes each. */
export class RegisterExports {
  readonly #register: Register;
  readonly #open = new Map<string, OpenExport>();
  readonly #slice;

  constructor(register: Register, raw: Connection) {
    this.#register = register;
    this.#slice = raw.prepare<[number, number], TextRow>(
      `SELECT rowid AS rid, ${SELECTED} FROM members WHERE rowid >= ? AND rowid <= ?`,
    );
  }

  begin(exportId: string, ask: ExportAsk): number {
    const { table } = this.#register;
    this.#register.setKinds(ask.kinds);
    const mask = this.#register.choose(ask, ask.nowMs);
    const isAgreed = this.#consents();
    const chosen =
      ask.memberIds === null ? null : new Set(ask.memberIds.map((id) => this.#register.slotOf(id)));
    const slots = new Int32Array(table.count);
    let count = 0;
    for (let slot = 0; slot < table.count; slot += 1) {
      if (mask[slot] !== 1 || (chosen !== null && !chosen.has(slot))) continue;
      if (ask.withConsentOnly && !isAgreed(slot)) continue;
      slots[count++] = slot;
    }
    const cells = ask.columns.map((column) => this.#cellOf(column, ask));
    this.#open.set(exportId, { ask, slots: slots.slice(0, count), next: 0, isHeaderDue: true, cells });
    return count;
  }

  /** Who agrees to marketing at this moment. */
  #consents(): (slot: number) => boolean {
    const { consent } = this.#register.table.codes;
    const yes = consent.test((values) => values.includes('yes'));
    return (slot) => yes[consent.codes[slot] ?? 0] === 1;
  }

  end(exportId: string): void {
    this.#open.delete(exportId);
  }

  /** @throws Error When no such file is being written. */
  read(exportId: string, rows: number): Uint8Array {
    const open = this.#open.get(exportId);
    if (open === undefined) throw new Error('no such export');
    let text = open.isHeaderDue ? csvLine(open.ask.columns.map(({ header }) => header)) : '';
    open.isHeaderDue = false;
    const slots = open.slots.subarray(open.next, open.next + rows);
    open.next += slots.length;
    const stored = this.#rowsOf(slots);
    // Asked anew: who said no while the file is being written is not in what is still to come.
    const isAgreed = this.#consents();
    for (const slot of slots) {
      if (open.ask.withConsentOnly && !isAgreed(slot)) continue;
      const own = this.#register.ownAt(slot);
      const row: TextRow =
        own === undefined ? (stored.get(this.#register.table.rids[slot] ?? 0) ?? {}) : ownRow(own);
      text += csvLine(open.cells.map((cell) => cell(slot, row, own)));
    }
    return new TextEncoder().encode(text);
  }

  /** Rows that lie close to each other are read in one go. */
  #rowsOf(slots: Int32Array): Map<number, TextRow> {
    const rows = new Map<number, TextRow>();
    const rids = Array.from(slots, (slot) => this.#register.table.rids[slot] ?? 0)
      .filter((rid) => rid > 0)
      .sort((left, right) => left - right);
    for (let at = 0; at < rids.length;) {
      let end = at;
      while ((rids[end + 1] ?? Infinity) - (rids[end] ?? 0) <= 3) end += 1;
      for (const row of this.#slice.all(rids[at] ?? 0, rids[end] ?? 0)) rows.set(Number(row['rid']), row);
      at = end + 1;
    }
    return rows;
  }

  #cellOf({ id, isMasked, names }: ExportColumn, { timeZone }: ExportAsk): CellOf {
    if (id === 'fullName') return (_, row) => `${textAt(row, 'lastName')} ${textAt(row, 'firstName')}`.trim();
    if (id === 'dateOfBirth' || id === 'tierUntil') return (_, row) => dayText(textAt(row, id));
    if (id.startsWith(CUSTOM_PREFIX)) return customCell(id.slice(CUSTOM_PREFIX.length), isMasked);
    if (!isBuiltIn(id)) return (_, row) => textAt(row, id);
    const { table } = this.#register;
    switch (REGISTER_COLUMNS[id]) {
      case 'choice':
      case 'choices': {
        const column = table.codes[id as CodeColumnId];
        return (slot) =>
          (column.sets[column.codes[slot] ?? 0] ?? []).map((value) => names[value] ?? value).join('; ');
      }
      case 'time': {
        const momentOf = momentsIn(timeZone);
        return (slot) => momentOf(table.numbers[id as 'createdAt'][slot] ?? -1);
      }
      case 'number':
        return (slot) => String(table.numbers[id as 'transactions'][slot] ?? 0);
      case 'text':
      case 'phone':
      case 'day':
        return (_, row) => textAt(row, id);
    }
  }
}

function customCell(attributeId: string, isMasked: boolean): CellOf {
  return (_, row) => {
    const extras = textAt(row, 'extras');
    const value = extras === '' ? '' : (readExtras(extras).custom[attributeId] ?? '');
    return isMasked && value !== '' ? maskCustom(value) : value;
  };
}

const ownRow = ({ memberId, facts, texts }: OwnMember): TextRow => ({
  ...texts,
  memberId,
  lastName: facts.lastName,
  firstName: facts.firstName,
  mobile: facts.mobile,
  phone: facts.phone,
  dateOfBirth: facts.dateOfBirth,
});
