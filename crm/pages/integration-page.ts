import { Scope, type KeyView } from '../integration/shapes.ts';
import { escapeHtml, toPage } from './html.ts';

/** What the page shows; without `keys` only the form, because nobody has signed in yet. */
export interface IntegrationPage {
  login: string;
  keys?: readonly KeyView[];
  /** Of a key that was made just now; shown this once. */
  secret?: string;
  note?: string;
  refusal?: string;
}

const RIGHTS: Record<Scope, string> = {
  'read:ledger': 'Read cards and movements, without names',
  'read:people': 'Read members: names, phones, e-mails',
  'write:members': 'Add and edit members',
};

const dayOf = (atMs: number): string => (atMs === 0 ? 'never' : new Date(atMs).toISOString().slice(0, 10));

const signIn = (login: string): string =>
  `<div class="grid"><label>Manager’s login<input name="login" value="${escapeHtml(login)}" required
    autocomplete="username"></label><label>PIN<input name="pin" type="password" required
    autocomplete="current-password"></label></div>`;

function keyRow({ keyId, name, scopes, lastUsedAtMs, revokedAtMs }: KeyView): string {
  const end =
    revokedAtMs === null
      ? `<input type="radio" name="revoke" value="${escapeHtml(keyId)}" aria-label="${escapeHtml(name)}">`
      : `ended ${dayOf(revokedAtMs)}`;
  return (
    `<tr><td>${escapeHtml(name)}</td><td>${scopes.map(escapeHtml).join('<br>')}</td>` +
    `<td>${dayOf(lastUsedAtMs)}</td><td>${end}</td></tr>`
  );
}

function keyTable({ login, keys }: IntegrationPage): string {
  if (keys === undefined) return '';
  if (keys.length === 0) return `<section class="ticket"><h2>Keys</h2><p>There is none yet.</p></section>`;
  return (
    `<form class="ticket" method="post" action="/integrations"><h2>Keys</h2><table><thead><tr><th>Name</th>` +
    `<th>May</th><th>Last used</th><th>End it</th></tr></thead><tbody>${keys.map(keyRow).join('')}</tbody>` +
    `</table><p></p>${signIn(login)}<p></p><button>End the chosen key</button></form>`
  );
}

const secretNote = (secret: string): string =>
  `<section class="ticket"><h2>The new key</h2><p><code>${escapeHtml(secret)}</code></p>` +
  `<p class="lead">Copy it now: it is shown this once and kept nowhere.</p></section>`;

/** Keys of other systems. Every act asks for the PIN, so the page keeps nobody signed in. */
export function toIntegrationPage(page: IntegrationPage): string {
  const { login, secret, note, refusal } = page;
  const rights = Scope.options.map(
    (scope) =>
      `<label class="check"><input type="checkbox" name="scopes" value="${scope}">${RIGHTS[scope]}</label>`,
  );
  const body =
    `<h1>Other systems</h1><p class="lead">Keys for a web shop, vouchers, a mail system.</p>` +
    (refusal === undefined ? '' : `<p class="note" role="alert">${escapeHtml(refusal)}</p>`) +
    (note === undefined ? '' : `<p role="status">${escapeHtml(note)}</p>`) +
    (secret === undefined ? '' : secretNote(secret)) +
    `<form class="ticket" method="post" action="/integrations"><h2>A new key, or the list</h2>` +
    `<label>Name of the system; empty: only show the keys<input name="name" maxlength="60"></label>` +
    `${rights.join('')}${signIn(login)}<p></p><button>Go on</button></form>` +
    keyTable(page);
  return toPage('Other systems', body);
}
