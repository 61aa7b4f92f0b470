import type { Output } from '../../../electron/contract/index.ts';
import { useWords } from '../../lib/words.ts';
import { Tick } from '../../ui/tick.tsx';
import type { Preview } from './member-state.ts';
import type { Counter, Panel, PanelText } from './panel.ts';
import styles from './panel-form.module.css';

/** Null while it is not known what was booked. */
export const countersOf = (preview: Preview | null): readonly Counter[] | null =>
  preview?.kind === 'receipt' ? preview.counters : null;

export type ReceiptBackProps = Readonly<{
  panel: Panel;
  preview: Preview | null;
  onType: (field: PanelText, text: string) => void;
}>;

/** Which receipt, and old and new points of what was booked under its number, before the press. */
export function ReceiptBack({ panel, preview, onType }: ReceiptBackProps) {
  const { t, formats } = useWords();
  const { receipt, keepsPoints } = panel;
  if (receipt === null) return null;
  const { receiptNo, day, amountMinor, storeName } = receipt;
  const isKept = keepsPoints !== '';
  return (
    <>
      <p data-testid="receipt-in-hand">
        <b data-selectable>{receiptNo}</b>
        {` · ${formats.day(day)} · ${formats.money(amountMinor)} · ${storeName}`}
      </p>
      {preview?.kind === 'receipt' && (
        <div role="status" data-testid="booked">
          {preview.booked.length === 0 && <p>{t('receipts.back.nothing')}</p>}
          {preview.booked.map((entry) => (
            <Booked key={entry.entryOpId} entry={entry} isKept={isKept} />
          ))}
        </div>
      )}
      {preview?.kind === 'receipt' && preview.counters.length > 0 && (
        <Tick isOn={!isKept} onChange={(isOn) => onType('keepsPoints', isOn ? '' : 'yes')}>
          {t('receipts.back.points')}
        </Tick>
      )}
    </>
  );
}

type BookedProps = Readonly<{
  entry: Output<'receipts.previewTakeBack'>['booked'][number];
  isKept: boolean;
}>;

function Booked({ entry, isKept }: BookedProps) {
  const { t, units, named } = useWords();
  const { unit, delta, balance, balanceAfter, problem } = entry;
  const stays = isKept || problem !== null;
  const pair = (before: number, after: number): string =>
    stays ? units(before, unit) : `${units(before, unit)} → ${units(after, unit)}`;
  return (
    <>
      <dl className={styles['consequences']}>
        <dt>{t('receipts.back.booked', { card: named(entry.cardType, entry.cardTypeZh) })}</dt>
        <dd>{pair(delta, 0)}</dd>
        <dt>{t('consequence.balance')}</dt>
        <dd>{pair(balance, balanceAfter)}</dd>
      </dl>
      {problem !== null && <p>{t(`receipts.back.${problem}`)}</p>}
    </>
  );
}
