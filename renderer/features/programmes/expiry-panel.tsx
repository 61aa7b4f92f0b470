import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import type { ProgrammesStore } from './programmes-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './programmes.module.css';

/** What ends today: counted first, booked on a second press. */
export function ExpiryPanel({ store }: Readonly<{ store: ProgrammesStore }>) {
  const { t, formats } = useWords();
  const { expiry, deed, runExpiry } = useStore(store);
  const isBusy = deed.status === 'busy';
  return (
    <section className={layout['panel']} aria-label={t('programmes.expiry.title')} data-testid="expiry">
      <h2 className={styles['group']}>{t('programmes.expiry.title')}</h2>
      <p className={layout['soft']}>{t('programmes.expiry.lead')}</p>
      <div className={layout['deeds']}>
        <Button onPress={() => void runExpiry(true)} isDisabled={isBusy} testId="expiry-count">
          {t('programmes.expiry.count')}
        </Button>
        {expiry?.isDryRun === true && expiry.lots > 0 && (
          <Button
            look="primary"
            onPress={() => void runExpiry(false)}
            isDisabled={isBusy}
            testId="expiry-run"
          >
            {t('programmes.expiry.run', { units: formats.number(expiry.units) })}
          </Button>
        )}
      </div>
      {expiry !== null && (
        <p role="status" data-testid="expiry-result" data-units={expiry.units}>
          {t(expiry.isDryRun ? 'programmes.expiry.would' : 'programmes.expiry.did', {
            day: formats.day(expiry.day),
            units: formats.number(expiry.units),
            accounts: formats.number(expiry.accounts),
          })}
          {expiry.elsewhere + expiry.waiting > 0 &&
            ` ${t('programmes.expiry.rest', {
              elsewhere: formats.number(expiry.elsewhere),
              waiting: formats.number(expiry.waiting),
            })}`}
        </p>
      )}
    </section>
  );
}
