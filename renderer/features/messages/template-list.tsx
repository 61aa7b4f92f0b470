import { useState } from 'react';
import { useStore } from 'zustand';
import type { MessageTemplate } from '../../../sync/model/template.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ChannelNotice } from './channel-notice.tsx';
import type { MessagesStore } from './messages-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './messages.module.css';

/** What was prepared: changed, put away, and a new one. */
export function TemplateList({ store }: Readonly<{ store: MessagesStore }>) {
  const { t } = useWords();
  const { templates, edit } = useStore(store);
  return (
    <div className={layout['stack']} data-testid="template-list">
      <div className={layout['deeds']}>
        <Button look="primary" onPress={() => edit(null)} testId="template-new">
          {t('messages.newTemplate')}
        </Button>
      </div>
      {templates.length === 0 && (
        <Notice
          tone="plain"
          icon="message"
          title={t('messages.noTemplates')}
          detail={t('messages.noTemplatesNext')}
        />
      )}
      <ul className={styles['cards']}>
        {templates.map((template) => (
          <TemplateCard key={template.templateId} {...{ store, template }} />
        ))}
      </ul>
    </div>
  );
}

type CardProps = Readonly<{ store: MessagesStore; template: MessageTemplate }>;

function TemplateCard({ store, template }: CardProps) {
  const { t } = useWords();
  const { view, act, edit, retire } = useStore(store);
  const [isAsking, setAsking] = useState(false);
  const { name, channel, purpose, subject, body } = template;
  return (
    <li className={styles['card']} data-testid="template-card">
      <p className={styles['choiceName']}>{name}</p>
      <p className={layout['soft']}>
        {t(`messages.by.${channel}`)} · {t(`messages.for.${purpose}`)}
      </p>
      <ChannelNotice {...{ view, channel }} />
      <p className={styles['text']}>{channel === 'email' ? subject : body}</p>
      <div className={layout['deeds']}>
        <Button onPress={() => edit(template)}>{t('messages.edit')}</Button>
        <Button
          look="quiet"
          label={t('messages.retireOf', { name })}
          onPress={() => setAsking(true)}
          testId="template-retire"
        >
          {t('messages.retire')}
        </Button>
      </div>
      {isAsking && (
        <Notice tone="plain" title={t('messages.retireAsk', { name })} detail={t('messages.retireDetail')}>
          <Button onPress={() => setAsking(false)}>{t('messages.keep')}</Button>
          <Button
            look="danger"
            isDisabled={act.status === 'busy'}
            onPress={() => void retire(template)}
            testId="template-retire-yes"
          >
            {t('messages.retireYes')}
          </Button>
        </Notice>
      )}
    </li>
  );
}
