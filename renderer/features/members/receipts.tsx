import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import type { Aside } from './aside-state.ts';
import aside from './aside.module.css';
import styles from './about.module.css';

const MINUTE_MS = 60_000;

/**
 * Every receipt of the membership that this copy holds (F62), the newest first. A chain whose receipts have no numbers
 * here has no register connected: then there is nothing to show, and nothing is.
 */
export function Receipts({ known }: Readonly<{ known: Aside | null }>) {
  const { t, formats, units } = useWords();
  const nowMs = useNow(MINUTE_MS);
  const receipts = known?.receipts ?? [];
  if (receipts.length === 0) return null;
  return (
    <section aria-label={t('receipts.title')} data-testid="receipts">
      <h2 className={styles['heading']}>{t('receipts.title')}</h2>
      <ol className={aside['rows']}>
        {receipts.map((entry) => (
          <li key={entry.opId}>
            <b data-selectable>{entry.receiptNo}</b> {formats.when(entry.wallMs, nowMs)}
            <span className={aside['detail']}>
              {[
                entry.amountMinor === null ? '' : formats.money(entry.amountMinor),
                entry.delta === 0 ? '' : units(entry.delta, entry.unit, true),
                entry.isCorrected ? t('history.corrected') : '',
                entry.actorName,
              ]
                .filter((part) => part !== '')
                .join(' · ')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
