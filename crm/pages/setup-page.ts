import type { CardKind } from '../../sync/model/chain.ts';
import { escapeHtml, toPage } from './html.ts';
import type { PageText, PageWords } from './words.ts';

/** What was typed, as it came: fields by name, several values each. */
export type Typed = Readonly<Record<string, readonly string[]>>;
/** Complaint by field; `form` for one that belongs to none. */
export type Complaints = Readonly<Record<string, string>>;

interface Field {
  name: string;
  label: PageText;
  value?: string;
  type?: 'text' | 'password';
  isSecret?: boolean;
}

const CARD_KINDS: Record<CardKind, [PageText, PageText]> = {
  stamp: ['Stamp card', 'ten stamps, one reward'],
  points: ['Points', 'one point for each whole unit of the currency'],
  visits: ['Visit pass', 'ten visits, paid in advance'],
  credit: ['Prepaid', 'money on the card'],
  discount: ['Member discount', 'ten per cent, shown to the cashier'],
  coupon: ['Welcome coupon', 'one gift for a new member'],
};

/** What a form was filled with, and what is wrong with it. */
interface Filled {
  typed: Typed;
  complaints: Complaints;
  words: PageWords;
}

const complaint = ({ complaints, words }: Filled, name: string): string => {
  const text = complaints[name];
  return text === undefined
    ? ''
    : `<p class="wrong" id="wrong-${name}">${escapeHtml(words.sayAny(text))}</p>`;
};

function toInput(field: Field, filled: Filled): string {
  const { typed, complaints, words } = filled;
  const value = field.isSecret === true ? '' : (typed[field.name]?.[0] ?? field.value ?? '');
  const isWrong = complaints[field.name] !== undefined;
  const described = isWrong ? ` aria-invalid="true" aria-describedby="wrong-${field.name}"` : '';
  return (
    `<label>${escapeHtml(words.say(field.label))}<input name="${field.name}" ` +
    `type="${field.type ?? 'text'}" required autocomplete="off"` +
    ` value="${escapeHtml(value)}"${described}>${complaint(filled, field.name)}</label>`
  );
}

const section = (title: string, content: string): string =>
  `<section class="ticket"><h2>${title}</h2><div class="grid">${content}</div></section>`;

function kindBoxes(filled: Filled): string {
  const { typed, words } = filled;
  const chosen = typed['cardKinds'] ?? ['stamp', 'points'];
  const boxes = Object.entries(CARD_KINDS).map(
    ([kind, [name, what]]) =>
      `<label class="check"><input type="checkbox" name="cardKinds" ` +
      `value="${kind}"${chosen.includes(kind) ? ' checked' : ''}>` +
      `${words.say(name)} <small>${words.say(what)}</small></label>`,
  );
  return boxes.join('') + complaint(filled, 'cardKinds');
}

function consentBox({ typed, words }: Filled): string {
  const { say } = words;
  const chosen = typed['consentMode']?.[0] ?? 'pdpa';
  const option = (mode: string, label: string): string =>
    `<option value="${mode}"${mode === chosen ? ' selected' : ''}>${label}</option>`;
  return (
    `<label>${say('Privacy law')}<select name="consentMode">${option('pdpa', say('PDPA (service needs consent)'))}` +
    `${option('gdpr', say('GDPR (marketing needs consent)'))}</select></label>`
  );
}

/** The form of the first run. Secrets are never shown again after a complaint. */
export function toSetupPage(words: PageWords, typed: Typed = {}, complaints: Complaints = {}): string {
  const { say, sayAny, language } = words;
  const filled = { typed, complaints, words };
  const input = (field: Field): string => toInput(field, filled);
  const note =
    complaints['form'] === undefined ? '' : `<p class="note">${escapeHtml(sayAny(complaints['form']))}</p>`;
  const body =
    `<h1>${say('Set up this CRM')}</h1>` +
    `<p class="lead">${say('One page, once. Everything but the currency can be changed later.')}</p>${note}` +
    `<form method="post" action="/setup?lang=${language}">` +
    section(
      say('The chain'),
      input({ name: 'chainName', label: 'Name' }) +
        input({ name: 'country', label: 'Country (two letters)', value: 'SG' }) +
        input({ name: 'currency', label: 'Currency (three letters)', value: 'SGD' }) +
        input({ name: 'cardPrefix', label: 'First six digits of its card numbers', value: '603555' }) +
        consentBox(filled),
    ) +
    section(
      say('The first store'),
      input({ name: 'storeName', label: 'Name' }) +
        input({ name: 'timeZone', label: 'Time zone', value: 'Asia/Singapore' }),
    ) +
    section(
      say('The first manager'),
      input({ name: 'managerName', label: 'Name' }) +
        input({ name: 'managerLogin', label: 'Login', value: 'manager' }) +
        input({ name: 'managerPin', label: 'PIN (six digits or more)', type: 'password', isSecret: true }),
    ) +
    section(say('Cards to start with'), kindBoxes(filled)) +
    section(
      say('Proof that it is you'),
      input({ name: 'token', label: 'Set-up token, as the CRM printed it', isSecret: true }),
    ) +
    `<button type="submit">${say('Set up')}</button></form>`;
  return toPage(say('Set up Counterfoil'), body, { language, path: '/' });
}
