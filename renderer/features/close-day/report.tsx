import type { DayReport } from '../../../electron/contract/closes.ts';
import { useWords } from '../../lib/words.ts';
import { Notice } from '../../ui/notice.tsx';
import { Bars, Hours, Plots } from '../../parts/day-plots.tsx';
import layout from '../../ui/list-and-detail.module.css';
import styles from './close-day.module.css';

/** The day's figures by cashier, programme and hour, and where somebody should look. */
export function Report({ report }: Readonly<{ report: DayReport }>) {
  const { t } = useWords();
  const { cashiers, programmes, hours, watch } = report;
  if (cashiers.length === 0) return null;
  return (
    <section className={layout['sheet']} aria-label={t('close.report.title')} data-testid="day-report">
      <h2 className={styles['reportTitle']}>{t('close.report.title')}</h2>
      <Watch watch={watch} />
      <Plots>
        <Bars title={t('close.report.cashiers')} rows={cashiers} />
        <Bars title={t('close.report.programmes')} rows={programmes} />
      </Plots>
      <Hours hours={hours} />
    </section>
  );
}

function Watch({ watch }: Readonly<Pick<DayReport, 'watch'>>) {
  const { t } = useWords();
  if (watch.length === 0) return <Notice tone="done" title={t('close.watch.none')} testId="watch-none" />;
  return (
    <Notice
      tone="warn"
      title={t('close.watch.title', { count: watch.length })}
      detail={
        <>
          {t('close.watch.next')}
          <ul className={styles['items']}>
            {watch.map(({ reason, actorName, memberName, memberId, entries, units }) => (
              <li key={`${reason} ${memberId} ${actorName}`} data-testid="watch-item" data-reason={reason}>
                {t(`close.watch.${reason}`, { actor: actorName, member: memberName, count: entries, units })}
              </li>
            ))}
          </ul>
        </>
      }
      testId="watch"
    />
  );
}
