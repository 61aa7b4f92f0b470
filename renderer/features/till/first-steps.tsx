import { Button } from 'react-aria-components/Button';
import { useWords } from '../../lib/words.ts';
import styles from './home.module.css';

export type FirstStepsProps = Readonly<{
  isDemo: boolean;
  onSearch: (text: string) => void;
  onEnrol: () => void;
}>;

/** Texts that find somebody in the demo chain: its commonest surname, and the end of a known member's phone. */
const DEMO_NAME = 'Tan';
const DEMO_DIGITS = '0001';

/** What to do first. A demo has three things to try, each with one press. */
export function FirstSteps({ isDemo, onSearch, onEnrol }: FirstStepsProps) {
  const { t } = useWords();
  if (!isDemo) {
    return (
      <section className={styles['start']} aria-labelledby="start">
        <h2 className={styles['heading']} id="start">
          {t('home.howTitle')}
        </h2>
        <ol className={styles['start']}>
          {(['scan', 'look', 'press'] as const).map((step, at) => (
            <li key={step} className={styles['try']}>
              <StepFace number={at + 1} title={t(`home.how.${step}`)} detail={t(`home.how.${step}Detail`)} />
            </li>
          ))}
        </ol>
      </section>
    );
  }
  const tries = [
    { id: 'name', act: () => onSearch(DEMO_NAME) },
    { id: 'digits', act: () => onSearch(DEMO_DIGITS) },
    { id: 'enrol', act: onEnrol },
  ] as const;
  return (
    <section className={styles['start']} aria-labelledby="start">
      <h2 className={styles['heading']} id="start">
        {t('home.tryTitle')}
      </h2>
      {tries.map(({ id, act }, at) => (
        <Button key={id} className={styles['try'] ?? ''} preventFocusOnPress onPress={act}>
          <StepFace number={at + 1} title={t(`home.try.${id}`)} detail={t(`home.try.${id}Detail`)} />
        </Button>
      ))}
    </section>
  );
}

function StepFace({ number, title, detail }: Readonly<{ number: number; title: string; detail: string }>) {
  return (
    <>
      <span className={styles['number']} aria-hidden="true">
        {number}
      </span>
      <span>
        <span className={styles['title']}>{title}</span>
        <span className={styles['detail']}>{detail}</span>
      </span>
    </>
  );
}
