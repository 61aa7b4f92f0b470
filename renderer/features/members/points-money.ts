import type { TillView } from '../../../electron/contract/till.ts';
import type { CardView } from '../../../electron/contract/views.ts';
import type { PointsWorth } from '../../../sync/model/chain.ts';
import { UNITS_MAX } from '../../../sync/model/units.ts';
import { pointsFor, worthOf } from '../../../sync/programmes/points-worth.ts';
import { moneyText, parseCount, parseMoney } from '../../lib/parse.ts';
import type { Panel, PanelText } from './panel.ts';

/** What a form's points are worth, where it asks for points and their card type says so. */
export const worthIn = (kind: Panel['kind'], card: CardView | undefined): PointsWorth | null =>
  kind === 'debit' ? (card?.worth ?? null) : null;

export interface MoneyScene {
  readonly kind: Panel['kind'];
  readonly card: CardView | undefined;
  readonly chain: TillView['chain'];
}

/**
 * What the other of two fields says when one is typed: money fills in the points that cover it, points the money that
 * they cover. Empty where what was typed is neither, so that no figure stays that nobody asked for.
 */
export function inStep(
  field: PanelText,
  text: string,
  { kind, card, chain }: MoneyScene,
): Partial<Pick<Panel, 'amount' | 'money'>> {
  const worth = worthIn(kind, card);
  const decimals = chain?.currencyDecimals ?? 2;
  if (worth === null) return {};
  if (field === 'amount') {
    const count = parseCount(text, UNITS_MAX);
    return { money: count === null ? '' : moneyText(worthOf(worth, count), decimals) };
  }
  if (field !== 'money') return {};
  const minor = parseMoney(text, decimals);
  return { amount: minor === null || minor === 0 ? '' : String(pointsFor(worth, minor)) };
}
