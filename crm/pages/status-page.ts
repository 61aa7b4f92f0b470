import type { Chain, Store } from '../../sync/model/chain.ts';
import type { ListHealth } from '../erase-list.ts';
import type { Counts } from '../repos/audit.ts';
import type { Outrun } from '../repos/outruns.ts';
import type { TillRow } from '../repos/tills.ts';
import { escapeHtml, toPage } from './html.ts';
import type { PageText, PageWords } from './words.ts';

export interface Status {
  chain: Chain;
  stores: readonly Store[];
  tills: readonly TillRow[];
  counts: Counts;
  seq: number;
  isTrial: boolean;
  hasChecksums: boolean;
  /** Of the list of erasures; null: there is none. */
  listHealth: Pick<ListHealth, 'isWritable' | 'hasLacked'> | null;
  /** Tills that have confirmed more erasures than are known here. */
  outruns: readonly Pick<Outrun, 'name' | 'confirmed'>[];
  nowMs: number;
}

/** For whoever runs the database; on the page and in the log. */
export const NO_CHECKSUMS: PageText =
  'PostgreSQL keeps no checksums of its pages, so damage of its disk would go unnoticed. All works and nothing is lost. Stop PostgreSQL, run pg_checksums --enable on its data folder, and start it again.';

export const LIST_NOT_WRITABLE: PageText =
  'The list of erasures can not be written, so nobody can be anonymised. A till that asked for one sends nothing more until then; the others go on, and nothing is lost. The log of the CRM says where it is: see to the disk, its room, and the right to write there.';
export const LIST_LACKED: PageText =
  'The list of erasures was missing or of an earlier day, and was completed from the database. If the database was put back too, erased members live again: add the newest list to this one and start again. On a computer that is new to this database all is well.';
export const LIST_OUTRUN: PageText =
  'Tills have deleted more members than this centre and its list of erasures know of: the database was put back, and that list was not. Erased members may live again. The log of the CRM says where the list is: add the former one to it and start again, and this note goes. Nothing else is lost. If that list is gone for good, or nobody put the database back and a till is not to be believed, run the CRM once with --end-outrun. Tills that said so:';

function ago({ say }: PageWords, atMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1_000));
  if (seconds < 90) return say('now');
  if (seconds < 5_400) return `${Math.round(seconds / 60)} ${say('min ago')}`;
  return seconds < 129_600
    ? `${Math.round(seconds / 3_600)} ${say('h ago')}`
    : `${Math.round(seconds / 86_400)} ${say('days ago')}`;
}

const NO_TILL = 'No till yet. A manager makes a code for one, and the till asks for it at its first start.';
const TRIAL =
  'Trial database: safe when the program stops, not when the power fails. Use PostgreSQL for a shop.';

/** Tills, or offices, which have no store. */
function nodeTable({ tills, stores, nowMs }: Status, kind: 'till' | 'office', words: PageWords): string {
  const { say, number } = words;
  const of = tills.filter((till) => (till.kind ?? 'till') === kind);
  if (of.length === 0) return kind === 'till' ? `<p class="lead">${say(NO_TILL)}</p>` : '';
  const isTill = kind === 'till';
  const names = new Map(stores.map((store) => [store.storeId as string, store.name]));
  const rows = of.map(
    (till) =>
      `<tr><td>${escapeHtml(till.name)}</td>` +
      (isTill ? `<td>${escapeHtml(names.get(till.storeId) ?? till.storeId)}</td>` : '') +
      `<td>${ago(words, till.lastContactAtMs, nowMs)}</td><td>${number(till.hiTseq)}</td>` +
      `<td>${till.state === 'live' ? '' : say('stopped: enrol anew')}</td></tr>`,
  );
  return (
    `<table><thead><tr>${isTill ? `<th>${say('Till')}</th><th>${say('Store')}</th>` : `<th>${say('Office')}</th>`}` +
    `<th>${say('Last contact')}</th><th>${say('Operations')}</th><th></th></tr></thead>` +
    `<tbody>${rows.join('')}</tbody></table>`
  );
}

/** Front page of a CRM that runs: no personal data, so it needs no sign-in. */
export function toStatusPage(status: Status, words: PageWords): string {
  const { say, number, language } = words;
  const { chain, stores, counts } = status;
  const figure = (name: PageText, value: number): string =>
    `<div><dt>${say(name)}</dt><dd>${number(value)}</dd></div>`;
  const trial = `<p class="note">${say(TRIAL)}</p>`;
  const unchecked = status.hasChecksums ? '' : `<p class="note">${say(NO_CHECKSUMS)}</p>`;
  const { isWritable = true, hasLacked = false } = status.listHealth ?? {};
  const outruns = status.outruns.map(({ name, confirmed }) => ` ${escapeHtml(name)} (${number(confirmed)})`);
  const ofList: [PageText, boolean, string][] = [
    [LIST_NOT_WRITABLE, !isWritable, ''],
    [LIST_LACKED, hasLacked, ''],
    [LIST_OUTRUN, outruns.length > 0, outruns.join(',')],
  ];
  const notes = ofList
    .map(([text, isSo, more]) => (isSo ? `<p class="note">${say(text)}${more}</p>` : ''))
    .join('');
  const figures = [
    figure('Members', counts.members),
    figure('Cards', counts.cards),
    figure('Entries', counts.entries),
    figure('Waiting for a person', counts.heldOps),
    figure('To look at', counts.flags),
  ];
  const names = stores
    .filter(({ isRetired }) => isRetired !== true)
    .map((store) => escapeHtml(store.name))
    .join(' · ');
  const offices = nodeTable(status, 'office', words);
  const place = `${say('Central CRM')} · ${escapeHtml(chain.country)} · ${escapeHtml(chain.currency)}`;
  const body =
    `<h1>${escapeHtml(chain.name)}</h1><p class="lead">${place}</p>${status.isTrial ? trial : unchecked}${notes}` +
    `<section class="ticket"><dl class="figures">${figures.join('')}</dl></section>` +
    `<section class="ticket"><h2>${say('Tills')}</h2>${nodeTable(status, 'till', words)}</section>` +
    (offices === '' ? '' : `<section class="ticket"><h2>${say('Offices')}</h2>${offices}</section>`) +
    `<section class="ticket"><h2>${say('Stores')}</h2><p>${names}</p></section>` +
    `<p class="lead">${say('Feed at')} ${number(status.seq)}.</p>`;
  return toPage(chain.name, body, { language, path: '/' });
}
