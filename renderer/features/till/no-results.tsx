import type { ReactNode } from 'react';
import type { Found, Lookup } from './lookup.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import styles from './result-list.module.css';

const PHONE_PART_DIGITS_MIN = 4;

type Centre = Extract<Lookup, { status: 'found' }>['centre'];

export type NoResultsProps = Readonly<{
  text: string;
  found: Found;
  centre: Centre;
  onEnrol: (text: string) => void;
  onAsk: () => void;
}>;

/** Nobody fits: says what was looked for and offers the next step. */
export function NoResults({ text, found, centre, onEnrol, onAsk }: NoResultsProps) {
  const { t } = useWords();
  const { by, incomplete, askCentre } = found;
  if (centre === 'asking') return <Asking />;
  const isAskable = askCentre !== undefined && centre !== 'nobody';
  const ask = isAskable && (
    <Button hotkey="Enter" onPress={onAsk} keepsFocus testId="ask-centre">
      {t('results.askCentre')}
    </Button>
  );
  if (incomplete === 'arriving' && centre !== 'nobody') return <StillArriving centre={centre} ask={ask} />;
  const digits = text.replace(/\D/g, '');
  const isShort = /^[\d\s+()-]+$/.test(text) && digits.length < PHONE_PART_DIGITS_MIN;
  return (
    <div className={styles['none']} role="status">
      <h2>
        {t(isShort ? 'results.tooShort' : centre === 'nobody' ? 'results.noneAnywhere' : 'results.none')}
      </h2>
      {centre === 'no_line' && <p>{t('results.noLine')}</p>}
      {incomplete === 'sorting' && <p>{t('results.sorting')}</p>}
      <p>{t(isShort ? 'results.tooShortNext' : by === 'card' ? 'results.noCard' : 'results.noneNext')}</p>
      {ask}
      {!isShort && (
        <Button look="primary" hotkey="F5" onPress={() => onEnrol(text)} keepsFocus>
          {t(by === 'card' ? 'results.enrolCard' : 'results.enrol')}
        </Button>
      )}
    </div>
  );
}

/** The line is asked, for a second and a half at most. */
function Asking() {
  const { t } = useWords();
  return (
    <div className={styles['none']} role="status" data-testid="asking-centre">
      <h2>{t('results.notHere')}</h2>
      <p>{t('results.asking')}</p>
    </div>
  );
}

/** Who is not here yet may be a member all the same: no word of enrolling, and the question asks itself again. */
function StillArriving({ centre, ask }: Readonly<{ centre: Centre; ask: ReactNode }>) {
  const { t } = useWords();
  return (
    <div className={styles['none']} role="status">
      <h2>{t('results.notHereYet')}</h2>
      {centre === 'no_line' && <p>{t('results.noLine')}</p>}
      <p>{t('results.arriving')}</p>
      {ask}
    </div>
  );
}
