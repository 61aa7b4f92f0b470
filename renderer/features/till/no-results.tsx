import type { Found } from './search-store.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import styles from './result-list.module.css';

const PHONE_PART_DIGITS_MIN = 4;

export type NoResultsProps = Readonly<{ text: string; found: Found; onEnrol: (text: string) => void }>;

/** Nobody fits: says what was looked for and offers the next step. */
export function NoResults({ text, found: { by, incomplete }, onEnrol }: NoResultsProps) {
  const { t } = useWords();
  if (incomplete === 'arriving') return <StillArriving />;
  const digits = text.replace(/\D/g, '');
  const isShort = /^[\d\s+()-]+$/.test(text) && digits.length < PHONE_PART_DIGITS_MIN;
  return (
    <div className={styles['none']} role="status">
      <h2>{t(isShort ? 'results.tooShort' : 'results.none')}</h2>
      {incomplete === 'sorting' && <p>{t('results.sorting')}</p>}
      <p>{t(isShort ? 'results.tooShortNext' : by === 'card' ? 'results.noCard' : 'results.noneNext')}</p>
      {!isShort && (
        <Button look="primary" hotkey="F5" onPress={() => onEnrol(text)} keepsFocus>
          {t(by === 'card' ? 'results.enrolCard' : 'results.enrol')}
        </Button>
      )}
    </div>
  );
}

/** Who is not here yet may be a member all the same: no word of enrolling, and the question asks itself again. */
function StillArriving() {
  const { t } = useWords();
  return (
    <div className={styles['none']} role="status">
      <h2>{t('results.notHereYet')}</h2>
      <p>{t('results.arriving')}</p>
    </div>
  );
}
