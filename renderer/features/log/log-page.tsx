import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import { Actions } from './actions.tsx';
import { Erasures } from './erasures.tsx';
import type { LogPart, LogStore } from './log-store.ts';
import styles from './log.module.css';
import { SignIns } from './sign-ins.tsx';

export type LogPageProps = Readonly<{ store: LogStore; isManager: boolean; onClose: () => void }>;

const PARTS: readonly LogPart[] = ['actions', 'signIns', 'looks', 'erasures'];

/** Who did what on a day; for managers, who signed in here, whom somebody saw whole, which tills still hold whom. */
export function LogPage({ store, isManager, onClose }: LogPageProps) {
  const { t, failure: inWords } = useWords();
  const { part, failure, turnTo } = useStore(store);
  return (
    <div className={join(layout['page'], styles['page'])} data-testid="log">
      <header className={layout['head']} data-screen-only>
        <h1 className={layout['title']}>{t('rail.log')}</h1>
        <div className={layout['deeds']}>
          {isManager && (
            <Choices
              label={t('log.part')}
              value={part}
              options={PARTS.map((value) => ({ value, label: t(`log.tab.${value}`) }))}
              onChange={(next) => void turnTo(next)}
              isLabelHidden
            />
          )}
          <Button hotkey="Esc" onPress={onClose}>
            {t('keys.back')}
          </Button>
        </div>
      </header>
      {failure !== null && <FailureNotice words={inWords(failure)} />}
      {part === 'actions' && <Actions store={store} isManager={isManager} />}
      {(part === 'signIns' || part === 'looks') && <SignIns store={store} part={part} />}
      {part === 'erasures' && <Erasures store={store} />}
    </div>
  );
}
