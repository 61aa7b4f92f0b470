import { LEARN_SCANS, type Learned } from '../../../electron/contract/devices.ts';
import { useWords } from '../../lib/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { join } from '../../ui/join.ts';
import styles from './doctor.module.css';

export type LearnStepsProps = Readonly<{
  goodCount: number;
  state: Learned['state'] | 'differ';
  /** The speed that is tried just now; null where there is none. */
  baudRate: number | null;
}>;

/** Three boxes that fill, and a sentence on the last scan. */
export function LearnSteps({ goodCount, state, baudRate }: LearnStepsProps) {
  const { t, formats } = useWords();
  const steps = Array.from({ length: LEARN_SCANS }, (_, at) => at < goodCount);
  return (
    <div className={styles['steps']} role="status" data-testid="learn-steps" data-good={goodCount}>
      <div className={styles['boxes']} aria-hidden="true">
        {steps.map((isGood, at) => (
          <span key={at} className={join(styles['box'], isGood && styles['good'])}>
            {isGood ? <Icon name="check" /> : at + 1}
          </span>
        ))}
      </div>
      <p>
        {t(`doctor.heard.${state}`, { count: goodCount, of: LEARN_SCANS })}
        {baudRate !== null &&
          state === 'wrong' &&
          ` ${t('doctor.heard.speed', { speed: formats.number(baudRate) })}`}
      </p>
    </div>
  );
}
