import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { MessagesState, MessagesTab } from './messages-state.ts';
import type { MessagesStore } from './messages-store.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './messages.module.css';
import { SendForm } from './send-form.tsx';
import { SentList } from './sent-list.tsx';
import { TemplateList } from './template-list.tsx';
import { TemplateForm } from './template-form.tsx';

export type MessagesPageProps = Readonly<{
  store: MessagesStore;
  chainName: string;
  /** A cashier sends what was prepared to one member, and nothing else. */
  isManager: boolean;
  onClose: () => void;
}>;

const TABS: readonly MessagesTab[] = ['send', 'templates', 'sent'];

function ActNotice({ act }: Pick<MessagesState, 'act'>) {
  const { t, failure } = useWords();
  if (act.status === 'failed') return <FailureNotice words={failure(act.failure)} />;
  if (act.status === 'saved')
    return <Notice tone="done" title={t('messages.savedHere')} testId="message-saved" />;
  if (act.status !== 'sent') return null;
  return (
    <Notice
      tone="done"
      title={t('messages.asked', { name: act.name })}
      detail={t('messages.askedNext')}
      testId="message-asked"
    />
  );
}

function drawTab({ store, chainName, isManager }: MessagesPageProps, { tab, draft, view }: MessagesState) {
  if (tab === 'send' || !isManager) return <SendForm {...{ store, chainName }} />;
  if (tab === 'sent') return view === null ? null : <SentList {...{ store, view }} />;
  return draft === null ? <TemplateList store={store} /> : <TemplateForm {...{ store, draft, chainName }} />;
}

/** Messages to members: prepared before, sent by the centre, told what became of each. */
export function MessagesPage(props: MessagesPageProps) {
  const { t } = useWords();
  const { store, isManager, onClose } = props;
  const state = useStore(store);
  return (
    <div className={join(layout['page'], styles['page'])} data-testid="messages">
      <header className={layout['head']}>
        <h1 className={layout['title']}>{t('messages.title')}</h1>
        <Button hotkey="Esc" onPress={onClose}>
          {t('keys.back')}
        </Button>
      </header>
      {isManager && (
        <Choices
          label={t('messages.show')}
          value={state.tab}
          options={TABS.map((value) => ({ value, label: t(`messages.tab.${value}`) }))}
          onChange={state.showTab}
        />
      )}
      <ActNotice act={state.act} />
      {drawTab(props, state)}
    </div>
  );
}
