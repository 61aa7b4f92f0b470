import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { reasonWords } from '../../../electron/contract/import-reasons.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ChooseStep } from './choose-step.tsx';
import { History } from './history.tsx';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './imports.module.css';
import type { ImportsStore } from './imports-store.ts';
import { MapStep } from './map-step.tsx';
import { RunStep } from './run-step.tsx';
import { stepOf, STEPS } from './steps.ts';

export type ImportsPageProps = Readonly<{
  store: ImportsStore;
  till: TillView;
  onOpenMember: (memberId: string) => void;
  onClose: () => void;
}>;

/** The manager's way from a file to members: choose, map, check, rehearse, run; and what was imported before. */
export function ImportsPage({ store, till, onOpenMember, onClose }: ImportsPageProps) {
  const { t, failure, language } = useWords();
  const { run, failure: failed, leave } = useStore(store);
  const refusal = run?.refusal;
  return (
    <div className={join(layout['page'], styles['page'])} data-testid="imports">
      <header className={layout['head']}>
        <h1 className={layout['title']}>{t('imports.title')}</h1>
        <div className={layout['deeds']}>
          {run && (
            <Button onPress={leave} testId="import-another">
              {t('imports.another')}
            </Button>
          )}
          <Button hotkey="Esc" onPress={onClose}>
            {t('keys.back')}
          </Button>
        </div>
      </header>
      <Steps store={store} />
      {failed && <FailureNotice words={failure(failed)} />}
      {refusal && (
        <Notice
          tone="refuse"
          code={refusal.code}
          title={reasonWords(refusal.code, language)}
          detail={
            refusal.detail === ''
              ? t('imports.nothingChanged')
              : `${refusal.detail} · ${t('imports.nothingChanged')}`
          }
          testId="import-refused"
        />
      )}
      {run === null && (
        <>
          <ChooseStep store={store} />
          <History store={store} />
        </>
      )}
      {run?.state === 'mapping' && <MapStep store={store} till={till} />}
      {run && !['receiving', 'mapping', 'refused'].includes(run.state) && (
        <RunStep store={store} onOpenMember={onOpenMember} />
      )}
    </div>
  );
}

/** Where the person is on the way. */
function Steps({ store }: Readonly<{ store: ImportsStore }>) {
  const { t } = useWords();
  const run = useStore(store, (state) => state.run);
  const here = stepOf(run);
  return (
    <ol className={styles['steps']} aria-label={t('imports.steps')}>
      {STEPS.map((step, at) => (
        <li
          key={step}
          className={styles['step']}
          aria-current={step === here ? 'step' : undefined}
          data-done={at < STEPS.indexOf(here)}
        >
          {t(`imports.step.${step}`)}
        </li>
      ))}
    </ol>
  );
}
