import { Label } from 'react-aria-components/Label';
import { ProgressBar } from 'react-aria-components/ProgressBar';
import styles from './imports.module.css';

/** How far long work is, with a number; without one it only says that it goes on. */
export function Progress({ label, value }: Readonly<{ label: string; value: number | null }>) {
  const isKnown = value !== null;
  return (
    <ProgressBar
      className={styles['progress'] ?? ''}
      value={(value ?? 0) * 100}
      isIndeterminate={!isKnown}
      data-testid="import-progress"
    >
      {({ percentage, valueText }) => (
        <>
          <Label>{label}</Label>
          {isKnown && <span className={styles['figure']}>{valueText}</span>}
          <span className={styles['track']}>
            <span className={styles['fill']} style={{ width: `${isKnown ? (percentage ?? 0) : 40}%` }} />
          </span>
        </>
      )}
    </ProgressBar>
  );
}
