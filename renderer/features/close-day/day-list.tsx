import { Button } from 'react-aria-components/Button';
import type { CloseSummary } from '../../../electron/contract/closes.ts';
import { useWords } from '../../lib/words.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './close-day.module.css';
import { ProofPill } from './proof-pill.tsx';

export type DayListProps = Readonly<{
  days: readonly CloseSummary[];
  chosen: string | null;
  onChoose: (businessDay: string) => void;
}>;

/** The day that runs and those before it, each with its number of actions and its proof. */
export function DayList({ days, chosen, onChoose }: DayListProps) {
  const { t, formats } = useWords();
  return (
    <nav className={layout['list']} aria-label={t('close.days')} data-screen-only>
      <ul>
        {days.map(({ businessDay, opCount, proof }) => (
          <li key={businessDay}>
            <Button
              className={join(layout['entry'], styles['day'], businessDay === chosen && layout['chosen'])}
              aria-current={businessDay === chosen}
              onPress={() => onChoose(businessDay)}
              data-testid="close-day-choice"
              data-day={businessDay}
            >
              <span className={styles['dayName']}>{formats.day(businessDay)}</span>
              <span className={layout['soft']}>{t('close.actions', { count: opCount })}</span>
              <ProofPill state={proof} />
            </Button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
