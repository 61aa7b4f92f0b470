import type { TillView } from '../../../electron/contract/till.ts';
import type { CardView } from '../../../electron/contract/views.ts';
import { worthOf } from '../../../sync/programmes/points-worth.ts';
import { parseCount, parseMoney } from '../../lib/parse.ts';
import { useWords } from '../../lib/words.ts';
import { join } from '../../ui/join.ts';
import { PANEL_FIELDS } from './panel-fields.ts';
import { earnedFor, type Panel } from './panel.ts';
import { worthIn } from './points-money.ts';
import styles from './panel-form.module.css';

const SHOWN_MAX = 1_000_000_000;
/** What comes of the amount is the card type's to say. */
const BY_RULE: ReadonlySet<Panel['kind']> = new Set(['credit', 'earn', 'stamp-buy']);
const TAKES: ReadonlySet<Panel['kind']> = new Set(['debit', 'visit-n', 'spend']);

export type PanelPreviewProps = Readonly<{ panel: Panel; card: CardView | undefined; till: TillView }>;

/** What will stand on the card afterwards, before the press that does it. */
export function PanelPreview({ panel, card, till }: PanelPreviewProps) {
  const { t, units, formats } = useWords();
  const asks = PANEL_FIELDS[panel.kind].amount;
  if (card === undefined || asks === 'none') return null;
  const minor = parseMoney(panel.amount, till.chain?.currencyDecimals ?? 2);
  const { confirmed, pending, unit } = card.balance;
  const before = confirmed + pending;
  if (BY_RULE.has(panel.kind)) {
    const type = till.cardTypes.find(({ cardTypeId }) => cardTypeId === card.cardTypeId);
    const earned = earnedFor(card, type, minor);
    const gives = earned?.units ?? 0;
    return (
      <p className={styles['preview']} role="status" data-testid="preview">
        {earned !== null &&
          (earned.why === 'below_minimum'
            ? t('preview.below', { least: formats.money(type?.minSpendMinor ?? 0) })
            : t(earned.why === 'day_full' ? 'preview.dayFull' : 'preview.gives', {
                units: units(gives, unit),
                after: units(before + gives, unit),
              }))}
      </p>
    );
  }
  const change = asks === 'money' ? minor : parseCount(panel.amount, SHOWN_MAX);
  const after = change === null ? null : before + (TAKES.has(panel.kind) ? -change : change);
  const isShort = after !== null && after < 0;
  const worth = worthIn(panel.kind, card);
  const withMoney = (count: number): string =>
    worth === null
      ? units(count, unit)
      : t('preview.withMoney', { units: units(count, unit), money: formats.money(worthOf(worth, count)) });
  const done = (left: number): string =>
    worth === null || change === null
      ? t('preview.after', { after: units(left, unit) })
      : t('preview.takes', { units: withMoney(change), after: units(left, unit) });
  return (
    <p className={join(styles['preview'], isShort && styles['short'])} role="status" data-testid="preview">
      {after !== null && (isShort ? t('preview.short', { units: withMoney(before) }) : done(after))}
    </p>
  );
}
