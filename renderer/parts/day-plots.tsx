import type { ReactNode } from 'react';
import { useWords } from '../lib/words.ts';
import styles from './day-plots.module.css';

/** Plots of a day, beside each other where there is room. */
export const Plots = ({ children }: Readonly<{ children: ReactNode }>) => (
  <div className={styles['plots']}>{children}</div>
);

const BAR = { width: 360, row: 34, label: 132, figure: 52, money: 92 };

export type BarRow = Readonly<{ id: string; name: string; nameZh: string; count: number }>;
export type BarsProps = Readonly<{
  title: string;
  rows: readonly BarRow[];
  /** As it stands beside the bar; the number itself where nothing is said. */
  figure?: (count: number) => string;
}>;

const shortened = (name: string): string => (name.length > 17 ? `${name.slice(0, 16)}…` : name);

/** A bar for each, longest first; the numbers stand beside, so that nothing is told by length alone. */
export function Bars({ title, rows, figure }: BarsProps) {
  const { formats, named } = useWords();
  const inWords = figure ?? formats.number;
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const room = BAR.width - BAR.label - (figure === undefined ? BAR.figure : BAR.money);
  return (
    <figure className={styles['plot']}>
      <figcaption className={styles['plotTitle']}>{title}</figcaption>
      <svg viewBox={`0 0 ${BAR.width} ${Math.max(1, rows.length) * BAR.row}`} role="img" aria-label={title}>
        {rows.map(({ id, name, nameZh, count }, at) => (
          <g key={id} transform={`translate(0 ${at * BAR.row})`}>
            <text x={0} y={BAR.row / 2} dominantBaseline="middle">
              {shortened(named(name, nameZh))}
            </text>
            <rect
              x={BAR.label}
              y={7}
              width={Math.max(0, (count / most) * room)}
              height={BAR.row - 14}
              rx={4}
            />
            <text x={BAR.width} y={BAR.row / 2} dominantBaseline="middle" textAnchor="end">
              {inWords(count)}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}

const HOUR = { width: 28, height: 90 };

/** How much happened in each hour of the day. */
export function Hours({ hours }: Readonly<{ hours: readonly number[] }>) {
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
