import type { Failure } from '../../lib/failure.ts';
import { useWords } from '../../lib/words.ts';
import { Desk } from '../../ui/desk.tsx';
import styles from './refused.module.css';

/** The till can not serve its files and says why, calmly: nothing was lost by saying so. */
export function Refused({ failure }: Readonly<{ failure: Failure }>) {
  const { t } = useWords();
  const { code, message } = failure;
  return (
    <Desk brand={t('brand')} title={t(`error.${code}.what`)}>
      <section className={styles['steps']} role="alert" data-testid="refused" data-code={code}>
        <div>
          <h2>{t('start.safe')}</h2>
          <p>{t(`error.${code}.safe`)}</p>
        </div>
        <div>
          <h2>{t('start.next')}</h2>
          <p>{t(`error.${code}.next`)}</p>
        </div>
      </section>
      <p className={styles['detail']} data-selectable>
        {t('start.forSupport')} {code}
        {message !== '' && ` · ${message}`}
      </p>
    </Desk>
  );
}
