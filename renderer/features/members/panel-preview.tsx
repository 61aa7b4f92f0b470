import type { TillView } from '../../../electron/contract/till.ts';
import type { CardView } from '../../../electron/contract/views.ts';
import { parseCount, parseMoney } from '../../lib/parse.ts';
import { useWords } from '../../lib/words.ts';
import { join } from '../../ui/join.ts';
import { PANEL_FIELDS } from './panel-fields.ts';
import { pointsFor, type Panel } from './panel.ts';
import styles from './panel-form.module.css';

const SHOWN_MAX = 1_000_000_000;
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
  if (panel.kind === 'credit') {
    const type = till.cardTypes.find(({ cardTypeId }) => cardTypeId === card.cardTypeId);
    const least = type?.minSpendMinor ?? 0;
    const points = pointsFor(card, minor, least);
    return (
      <p className={styles['preview']} role="status" data-testid="preview">
        {points !== null &&
          (points === 0 && minor !== null && minor < least
            ? t('preview.below', { least: formats.money(least) })
            : t('preview.gives', { units: units(points, unit), after: units(before + points, unit) }))}
      </p>
    );
  }
  const change = asks === 'money' ? minor : parseCount(panel.amount, SHOWN_MAX);
  const after = change === null ? null : before + (TAKES.has(panel.kind) ? -change : change);
  const isShort = after !== null && after < 0;
  return (
    <p className={join(styles['preview'], isShort && styles['short'])} role="status" data-testid="preview">
      {after !== null &&
        (isShort
          ? t('preview.short', { units: units(before, unit) })
          : t('preview.after', { after: units(after, unit) }))}
    </p>
  );
}
