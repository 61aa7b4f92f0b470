import type { Chain, Store } from '../../sync/model/chain.ts';
import type { Counts } from '../repos/audit.ts';
import type { TillRow } from '../repos/tills.ts';
import { escapeHtml, toPage } from './html.ts';

export interface Status {
  chain: Chain;
  stores: readonly Store[];
  tills: readonly TillRow[];
  counts: Counts;
  seq: number;
  isTrial: boolean;
  nowMs: number;
}

function ago(atMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1_000));
  if (seconds < 90) return 'now';
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 129_600
    ? `${Math.round(seconds / 3_600)} h ago`
    : `${Math.round(seconds / 86_400)} days ago`;
}

const figure = (name: string, value: number): string =>
  `<div><dt>${name}</dt><dd>${value.toLocaleString('en')}</dd></div>`;

const NO_TILL = `<p class="lead">No till yet. A manager makes a code for one, and the till asks for it at its
  first start.</p>`;

/** Tills, or offices, which have no store. */
function nodeTable({ tills, stores, nowMs }: Status, kind: 'till' | 'office'): string {
  const of = tills.filter((till) => (till.kind ?? 'till') === kind);
  if (of.length === 0) return kind === 'till' ? NO_TILL : '';
  const isTill = kind === 'till';
  const names = new Map(stores.map((store) => [store.storeId as string, store.name]));
  const rows = of.map(
    (till) =>
      `<tr><td>${escapeHtml(till.name)}</td>` +
      (isTill ? `<td>${escapeHtml(names.get(till.storeId) ?? till.storeId)}</td>` : '') +
      `<td>${ago(till.lastContactAtMs, nowMs)}</td><td>${till.hiTseq.toLocaleString('en')}</td>` +
      `<td>${till.state === 'live' ? '' : 'stopped: enrol anew'}</td></tr>`,
  );
  return (
    `<table><thead><tr>${isTill ? '<th>Till</th><th>Store</th>' : '<th>Office</th>'}<th>Last ` +
    `contact</th><th>Operations</th><th></th></tr></thead>` +
    `<tbody>${rows.join('')}</tbody></table>`
  );
}

/** Front page of a CRM that runs: no personal data, so it needs no sign-in. */
export function toStatusPage(status: Status): string {
  const { chain, stores, counts } = status;
  const trial = `<p class="note">Trial database: safe when the program stops, not when the power fails.
    Use PostgreSQL for a shop.</p>`;
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
  const offices = nodeTable(status, 'office');
  const place = `Central CRM · ${escapeHtml(chain.country)} · ${escapeHtml(chain.currency)}`;
  const body =
    `<h1>${escapeHtml(chain.name)}</h1><p class="lead">${place}</p>${status.isTrial ? trial : ''}` +
    `<section class="ticket"><dl class="figures">${figures.join('')}</dl></section>` +
    `<section class="ticket"><h2>Tills</h2>${nodeTable(status, 'till')}</section>` +
    (offices === '' ? '' : `<section class="ticket"><h2>Offices</h2>${offices}</section>`) +
    `<section class="ticket"><h2>Stores</h2><p>${names}</p></section>` +
    `<p class="lead">Feed at ${status.seq.toLocaleString('en')}.</p>`;
  return toPage(chain.name, body);
}
