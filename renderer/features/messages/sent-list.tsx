import { useStore } from 'zustand';
import type { MessagesView } from '../../../electron/contract/messages.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Pill } from '../../ui/pill.tsx';
import type { NamedSend } from './messages-state.ts';
import type { MessagesStore } from './messages-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './messages.module.css';
import { useReasons } from './use-reasons.ts';

const TONE = {
  queued: 'wait',
  sending: 'wait',
  sent: 'done',
  maybe: 'warn',
  failed: 'refuse',
  skipped: 'plain',
} as const;
type Message = MessagesView['messages'][number];

function SendLines({ sends }: Readonly<{ sends: readonly NamedSend[] }>) {
  const { t } = useWords();
  const reason = useReasons();
  return (
    <ul className={styles['sends']}>
      {sends.map((send) => (
        <li key={send.memberId}>
          <Pill tone={TONE[send.state]}>{t(`messages.fate.${send.state}`)}</Pill>
          <span>{send.memberName === '' ? t('messages.somebody') : send.memberName}</span>
          <span className={layout['soft']}>{reason(send.reason)}</span>
        </li>
      ))}
    </ul>
  );
}

function SentCard({ store, message }: Readonly<{ store: MessagesStore; message: Message }>) {
  const { t, formats, named } = useWords();
  const reason = useReasons();
  const { names, sends } = useStore(store);
  const nameOf = (id: string): string => {
    const known = names[id];
    return known === undefined ? id : named(known.name, known.nameZh);
  };
  const [name, segment] = [nameOf(message.templateId), nameOf(message.segmentId)];
  const to = message.memberId === null ? segment : message.memberName;
  const lines = sends[message.opId];
  return (
    <li className={styles['card']} data-testid="sent-message">
      <p className={styles['choiceName']}>
        {name} → {to === '' ? t('messages.somebody') : to}
      </p>
      <p className={layout['soft']}>
        {formats.moment(message.askedAtMs)} · {message.actorName}
      </p>
      {message.reason !== '' && (
        <Notice
          tone="warn"
          title={t(message.state === 'refused' ? 'messages.refused' : 'messages.restRefused')}
          detail={reason(message.reason)}
        />
      )}
      <p className={styles['fates']}>
        {message.fates.map(({ state, reason: code, count }) => (
          <Pill key={`${state} ${code}`} tone={TONE[state]}>
            {formats.number(count)} {t(`messages.fate.${state}`)} {reason(code)}
          </Pill>
        ))}
      </p>
      {message.state === 'refused' ? null : lines === undefined ? (
        <Button onPress={() => void store.getState().showSends(message.opId)}>{t('messages.each')}</Button>
      ) : (
        <SendLines sends={lines} />
      )}
    </li>
  );
}

/** What waits here for the line, and what became of the rest. */
export function SentList({ store, view }: Readonly<{ store: MessagesStore; view: MessagesView }>) {
  const { t } = useWords();
  const isEmpty = view.waiting.length === 0 && view.messages.length === 0;
  return (
    <div className={layout['stack']} data-testid="sent-list">
      <div className={layout['deeds']}>
        <Button onPress={() => void store.getState().refresh()} testId="messages-refresh">
          {t('messages.lookAgain')}
        </Button>
      </div>
      {view.line === 'down' && (
        <Notice tone="wait" title={t('messages.offline')} detail={t('messages.offlineNext')} />
      )}
      {view.waiting.length > 0 && (
        <Notice
          tone="wait"
          title={t('messages.waiting', { count: view.waiting.length })}
          detail={t('messages.waitingNext')}
          testId="messages-waiting"
        />
      )}
      {view.line === 'up' && isEmpty && (
        <Notice tone="plain" icon="message" title={t('messages.nothingSent')} />
      )}
      <ul className={styles['cards']}>
        {view.messages.map((message) => (
          <SentCard key={message.opId} {...{ store, message }} />
        ))}
      </ul>
    </div>
  );
}
