import { Scope, type KeyView } from '../integration/shapes.ts';
import { escapeHtml, toPage } from './html.ts';
import type { PageText, PageWords } from './words.ts';

/** What the page shows; without `keys` only the form, because nobody has signed in yet. */
export interface IntegrationPage {
  login: string;
  keys?: readonly KeyView[];
  /** Of a key that was made just now; shown this once. */
  secret?: string;
  note?: string;
  refusal?: string;
}

const RIGHTS: Record<Scope, PageText> = {
  'read:ledger': 'Read cards and movements, without names',
  'read:people': 'Read members: names, phones, e-mails',
  'write:members': 'Add and edit members',
};

const dayOf = ({ say }: PageWords, atMs: number): string =>
  atMs === 0 ? say('never') : new Date(atMs).toISOString().slice(0, 10);

const signIn = ({ say }: PageWords, login: string): string =>
  `<div class="grid"><label>${say('Manager’s login')}<input name="login" value="${escapeHtml(login)}" required
    autocomplete="username"></label><label>${say('PIN')}<input name="pin" type="password" required
    autocomplete="current-password"></label></div>`;

function keyRow(words: PageWords, key: KeyView): string {
  const { keyId, name, scopes, lastUsedAtMs, revokedAtMs } = key;
  const rights = scopes.map((scope) => escapeHtml(words.say(RIGHTS[scope])));
  const end =
    revokedAtMs === null
      ? `<input type="radio" name="revoke" value="${escapeHtml(keyId)}" aria-label="${escapeHtml(name)}">`
      : `${words.say('ended')} ${dayOf(words, revokedAtMs)}`;
  return (
    `<tr><td>${escapeHtml(name)}</td><td>${rights.join('<br>')}</td>` +
    `<td>${dayOf(words, lastUsedAtMs)}</td><td>${end}</td></tr>`
  );
}

function keyTable({ login, keys }: IntegrationPage, words: PageWords): string {
  const { say, language } = words;
  if (keys === undefined) return '';
  const title = `<h2>${say('Keys')}</h2>`;
  if (keys.length === 0)
    return `<section class="ticket">${title}<p>${say('There is none yet.')}</p></section>`;
  const heads = (['Name', 'May', 'Last used', 'End it'] as const).map((head) => `<th>${say(head)}</th>`);
  return (
    `<form class="ticket" method="post" action="/integrations?lang=${language}">${title}<table><thead><tr>` +
    `${heads.join('')}</tr></thead><tbody>${keys.map((key) => keyRow(words, key)).join('')}</tbody></table>` +
    `<p></p>${signIn(words, login)}<p></p><button>${say('End the chosen key')}</button></form>`
  );
}

const secretNote = ({ say }: PageWords, secret: string): string =>
  `<section class="ticket"><h2>${say('The new key')}</h2><p><code>${escapeHtml(secret)}</code></p>` +
  `<p class="lead">${say('Copy it now: it is shown this once and kept nowhere.')}</p></section>`;

/** Keys of other systems. Every act asks for the PIN, so the page keeps nobody signed in. */
export function toIntegrationPage(page: IntegrationPage, words: PageWords): string {
  const { say, sayAny, language } = words;
  const { login, secret, note, refusal } = page;
  const rights = Scope.options.map(
    (scope) =>
      `<label class="check"><input type="checkbox" name="scopes" value="${scope}">${say(RIGHTS[scope])}</label>`,
  );
  const body =
    `<h1>${say('Other systems')}</h1>` +
    `<p class="lead">${say('Keys for a web shop, vouchers, a mail system.')}</p>` +
    (refusal === undefined ? '' : `<p class="note" role="alert">${escapeHtml(sayAny(refusal))}</p>`) +
    (note === undefined ? '' : `<p role="status">${escapeHtml(sayAny(note))}</p>`) +
    (secret === undefined ? '' : secretNote(words, secret)) +
    `<form class="ticket" method="post" action="/integrations?lang=${language}">` +
    `<h2>${say('A new key, or the list')}</h2>` +
    `<label>${say('Name of the system; empty: only show the keys')}<input name="name" maxlength="60"></label>` +
    `${rights.join('')}${signIn(words, login)}<p></p><button>${say('Go on')}</button></form>` +
    keyTable(page, words);
  return toPage(say('Other systems'), body, { language, path: '/integrations' });
}
