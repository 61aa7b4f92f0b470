import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { DayFigures } from '../../../electron/contract/till.ts';
import type { MemberHit } from '../../../electron/contract/views.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { HitButton } from './hit-row.tsx';
import type { HomeStore } from './home-store.ts';
import styles from './home.module.css';
import { FirstSteps } from './first-steps.tsx';

export type HomeProps = Readonly<{
  store: HomeStore;
  personName: string;
  isDemo: boolean;
  hasOpenForm: boolean;
  onPick: (hit: MemberHit) => void;
  onSearch: (text: string) => void;
  onEnrol: () => void;
}>;

/** Nobody at the counter: who was here last, how the day goes, and what to do first. */
export function Home(props: HomeProps) {
  const { store, personName, isDemo, hasOpenForm, onPick, onEnrol } = props;
  const { t } = useWords();
  const { recent, figures, refresh } = useStore(store);
  useEffect(() => void refresh(), [refresh]);
  return (
    <div className={styles['home']} data-testid="home">
      <div className={styles['column']}>
        <header>
          <h1 className={styles['hello']}>{t('home.title', { name: personName })}</h1>
          <p className={styles['lead']}>{t('home.lead')}</p>
        </header>
        <section aria-labelledby="recent">
          <h2 className={styles['heading']} id="recent">
            {t('home.recent')}
          </h2>
          <div className={styles['recent']}>
            {recent?.map((hit) => (
              <HitButton key={hit.memberId} hit={hit} onPick={onPick} />
            ))}
            {recent?.length === 0 && <p className={styles['empty']}>{t('home.noRecent')}</p>}
          </div>
        </section>
        {figures && <Figures figures={figures} />}
      </div>
      <div className={styles['column']}>
        <FirstSteps isDemo={isDemo} onSearch={props.onSearch} onEnrol={onEnrol} />
        <Button look="primary" size="large" hotkey="F5" onPress={onEnrol} keepsFocus>
          {t(hasOpenForm ? 'home.continueEnrol' : 'home.enrol')}
        </Button>
      </div>
    </div>
  );
}

const FIGURES = ['enrolled', 'stamps', 'pointsCredited', 'visits', 'redeemed'] as const;

/** Today in one line; what did not happen is left out. */
function Figures({ figures }: Readonly<{ figures: DayFigures }>) {
  const { t, formats } = useWords();
  const shown = FIGURES.filter((name) => figures[name] > 0);
  return (
    <p className={styles['figures']} data-testid="figures">
      <span>{t(shown.length === 0 ? 'figures.none' : 'figures.today')}</span>
      {shown.map((name) => (
        <span key={name}>
          <b>{formats.number(figures[name])}</b> {t(`figures.${name}`, { count: figures[name] })}
        </span>
      ))}
    </p>
  );
}
