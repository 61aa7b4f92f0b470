import type { CardView } from '../../electron/contract/views.ts';
import { useNow } from '../lib/use-now.ts';
import { useWords } from '../lib/words.ts';
import { join } from '../ui/join.ts';
import { ageOf, type AgeLimits } from './balance-age.ts';
import styles from './ticket.module.css';

const MINUTE_MS = 60_000;

/** Up to when the figure above is sure: the hour alone is today's, and what is older has its day and a colour. */
export function TicketFoot({ card, limits }: Readonly<{ card: CardView; limits: AgeLimits }>) {
  const { t, formats } = useWords();
  const nowMs = useNow(MINUTE_MS);
  const { balance, expiresOn } = card;
  const { asOfMs } = balance;
  const age = asOfMs === null ? 'fresh' : ageOf(asOfMs, nowMs, limits);
  return (
    <p className={styles['foot']}>
      <span className={join(age !== 'fresh' && styles[age])} data-testid="balance-as-of" data-age={age}>
        {asOfMs === null ? t('ticket.notYet') : t('ticket.asOf', { time: formats.asOf(asOfMs, nowMs) })}
      </span>
      {expiresOn !== null && <span>{t('ticket.until', { day: formats.day(expiresOn) })}</span>}
      {card.isInstalled && <span>{t('ticket.onPhone')}</span>}
    </p>
  );
}
