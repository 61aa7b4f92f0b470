import type { DayReport } from '../../../electron/contract/closes.ts';
import { useWords } from '../../lib/words.ts';
import { Notice } from '../../ui/notice.tsx';
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
      <div className={styles['plots']}>
        <Bars title={t('close.report.cashiers')} rows={cashiers} />
        <Bars title={t('close.report.programmes')} rows={programmes} />
      </div>
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

const BAR = { width: 360, row: 34, label: 132, figure: 52 };

type BarsProps = Readonly<{
  title: string;
  rows: DayReport['programmes'];
}>;

const shortened = (name: string): string => (name.length > 17 ? `${name.slice(0, 16)}…` : name);

/** A bar for each, longest first; the numbers stand beside, so that nothing is told by length alone. */
function Bars({ title, rows }: BarsProps) {
  const { formats, named } = useWords();
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const room = BAR.width - BAR.label - BAR.figure;
  return (
    <figure className={styles['plot']}>
      <figcaption className={styles['plotTitle']}>{title}</figcaption>
      <svg viewBox={`0 0 ${BAR.width} ${Math.max(1, rows.length) * BAR.row}`} role="img" aria-label={title}>
        {rows.map(({ id, name, nameZh, count }, at) => (
          <g key={id} transform={`translate(0 ${at * BAR.row})`}>
            <text x={0} y={BAR.row / 2} dominantBaseline="middle">
              {shortened(named(name, nameZh))}
            </text>
            <rect x={BAR.label} y={7} width={(count / most) * room} height={BAR.row - 14} rx={4} />
            <text x={BAR.width} y={BAR.row / 2} dominantBaseline="middle" textAnchor="end">
              {formats.number(count)}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}

const HOUR = { width: 28, height: 90 };

function Hours({ hours }: Readonly<Pick<DayReport, 'hours'>>) {
  const { t } = useWords();
  const most = Math.max(1, ...hours);
  return (
    <figure className={styles['plot']}>
      <figcaption className={styles['plotTitle']}>{t('close.report.hours')}</figcaption>
      <svg
        viewBox={`0 0 ${HOUR.width * 24} ${HOUR.height + 22}`}
        role="img"
        aria-label={t('close.report.hours')}
      >
        {hours.map((count, hour) => {
          const height = (count / most) * HOUR.height;
          return (
            // Hours have no other name than their place.
            <g key={hour}>
              <rect
                x={hour * HOUR.width + 3}
                y={HOUR.height - height}
                width={HOUR.width - 6}
                height={height}
                rx={3}
              />
              {hour % 3 === 0 && (
                <text x={hour * HOUR.width + HOUR.width / 2} y={HOUR.height + 16} textAnchor="middle">
                  {hour}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
