import { useStore } from 'zustand';
import type { ErasureView } from '../../../electron/contract/log.ts';
import { useWords } from '../../lib/words.ts';
import layout from '../../ui/list-and-detail.module.css';
import { Notice } from '../../ui/notice.tsx';
import type { LogStore } from './log-store.ts';
import styles from './log.module.css';

/** Anonymised members, and who has not said yet that nothing of them is left (N15). */
export function Erasures({ store }: Readonly<{ store: LogStore }>) {
  const { t } = useWords();
  const erasures = useStore(store, (state) => state.erasures);
  if (erasures === 'unread') return null;
  if (erasures === null)
    return <Notice tone="wait" title={t('erasures.down')} detail={t('erasures.downNext')} />;
  if (erasures.length === 0) return <p className={layout['panel']}>{t('erasures.none')}</p>;
  return (
    <section className={layout['sheet']} aria-label={t('log.tab.erasures')}>
      <p className={layout['soft']}>{t('erasures.lead')}</p>
      <ul className={styles['lines']}>
        {erasures.map((erasure) => (
          <Erasure key={erasure.erasureNo} erasure={erasure} />
        ))}
      </ul>
    </section>
  );
}

function Erasure({ erasure }: Readonly<{ erasure: ErasureView }>) {
  const { t, formats, named } = useWords();
  const { memberId, atMs, confirmed, tills, missing, moreMissing, backupsUntilMs } = erasure;
  return (
    <li className={styles['erasure']} data-testid="erasure" data-member={memberId}>
      <b>
        {formats.moment(atMs)} · {t('erasures.member', { id: memberId.slice(-6) })}
      </b>
      <span>{t('erasures.of', { count: confirmed, of: formats.number(tills) })}</span>
      {missing.map(({ tillId, name, storeName, storeNameZh, heardAtMs, isAway }) => (
        <span key={tillId} className={layout['soft']}>
          {t(isAway ? 'erasures.away' : 'erasures.missing', {
            till: `${named(storeName, storeNameZh)} · ${name}`,
            time: heardAtMs === null ? t('erasures.never') : formats.moment(heardAtMs),
          })}
        </span>
      ))}
      {moreMissing > 0 && (
        <span className={layout['soft']}>{t('erasures.more', { count: moreMissing })}</span>
      )}
      <span className={layout['soft']}>{t('erasures.backups', { day: formats.date(backupsUntilMs) })}</span>
    </li>
  );
}
