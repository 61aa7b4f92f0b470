import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import layout from '../../ui/list-and-detail.module.css';
import type { InboxStore } from './inbox-store.ts';
import { chosenOf } from './inbox-state.ts';
import type { OpenMember } from './evidence.tsx';
import { ItemList } from './item-list.tsx';
import { ItemSheet } from './item-sheet.tsx';
import { OutrunNotice } from './outrun.tsx';
import { OwnHeldList } from './own-held.tsx';

export type InboxPageProps = Readonly<{
  store: InboxStore;
  till: TillView;
  onOpenMember: OpenMember;
  onClose: () => void;
}>;

/** A manager's screen: what waits for her, what happened, and what each answer does. */
export function InboxPage({ store, till, onOpenMember, onClose }: InboxPageProps) {
  const { t, failure } = useWords();
  const state = useStore(store);
  const { view, tab, saying, showTab } = state;
  const item = chosenOf(state);
  const isUp = view?.line === 'up';
  return (
    <div className={layout['page']} data-testid="inbox">
      <header className={layout['head']}>
        <h1 className={layout['title']}>{t('inbox.title')}</h1>
        <div className={layout['deeds']}>
          <Button onPress={() => void showTab(tab === 'open' ? 'answered' : 'open')} testId="inbox-tab">
            {t(tab === 'open' ? 'inbox.toAnswered' : 'inbox.toOpen')}
          </Button>
          <Button hotkey="Esc" onPress={onClose}>
            {t('keys.back')}
          </Button>
        </div>
      </header>
      {saying.status === 'failed' && saying.choice === null && (
        <FailureNotice words={failure(saying.failure)} />
      )}
      {state.outrun !== null && <OutrunNotice outrun={state.outrun} />}
      {view?.line === 'down' && (
        <Notice tone="wait" title={t('inbox.offline')} detail={t('inbox.offlineNext')} testId="inbox-offline">
          <Button onPress={() => void showTab(tab)}>{t('inbox.retry')}</Button>
        </Notice>
      )}
      {view !== null && tab === 'open' && <OwnHeldList own={view.own} isOpen={!isUp} />}
      {isUp && view.items.length === 0 && (
        <Notice
          tone="done"
          title={t(tab === 'open' ? 'inbox.empty' : 'inbox.noneAnswered')}
          detail={tab === 'open' ? t('inbox.emptyNext') : ''}
          testId="inbox-empty"
        />
      )}
      {item !== null && (
        <div className={layout['body']}>
          <ItemList store={store} />
          <ItemSheet key={item.id} {...{ store, item, till, onOpenMember }} />
        </div>
      )}
    </div>
  );
}
