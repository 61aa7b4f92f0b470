import type { PanelKind } from './panel.ts';

/** What a form asks for. */
export interface PanelFields {
  readonly amount: 'none' | 'count' | 'points' | 'money';
  readonly reason: 'none' | 'optional' | 'required';
  readonly hasReceipt: boolean;
  readonly hasCardNumber: boolean;
  readonly isDanger: boolean;
}

const PLAIN: PanelFields = {
  amount: 'none',
  reason: 'none',
  hasReceipt: false,
  hasCardNumber: false,
  isDanger: false,
};

export const PANEL_FIELDS: Readonly<Record<PanelKind, PanelFields>> = {
  'stamp-n': { ...PLAIN, amount: 'count' },
  'stamp-buy': { ...PLAIN, amount: 'money', hasReceipt: true },
  credit: { ...PLAIN, amount: 'money', hasReceipt: true },
  'by-hand': { ...PLAIN, amount: 'points', reason: 'required' },
  debit: { ...PLAIN, amount: 'points', reason: 'optional' },
  'visit-n': { ...PLAIN, amount: 'count' },
  'add-visits': { ...PLAIN, amount: 'count', hasReceipt: true },
  earn: { ...PLAIN, amount: 'money', hasReceipt: true },
  'top-up': { ...PLAIN, amount: 'money', hasReceipt: true },
  spend: { ...PLAIN, amount: 'money', hasReceipt: true },
  redeem: PLAIN,
  replace: { ...PLAIN, reason: 'optional', hasCardNumber: true },
  'report-lost': { ...PLAIN, reason: 'optional', isDanger: true },
  'card-data': PLAIN,
  issue: { ...PLAIN, hasCardNumber: true },
  counter: { ...PLAIN, reason: 'required' },
  lock: { ...PLAIN, reason: 'required' },
  unlock: { ...PLAIN, reason: 'required' },
  block: { ...PLAIN, reason: 'required', isDanger: true },
  unblock: { ...PLAIN, reason: 'required' },
  remove: { ...PLAIN, reason: 'required', isDanger: true },
  'take-back': { ...PLAIN, reason: 'required' },
  anonymise: { ...PLAIN, reason: 'required', isDanger: true },
  'receipt-back': { ...PLAIN, reason: 'required' },
  'edit-amount': { ...PLAIN, amount: 'money', reason: 'required' },
};
