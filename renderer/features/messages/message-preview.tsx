import { renderMessage, type MessageTemplate } from '../../../sync/model/template.ts';
import { useWords } from '../../lib/words.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './messages.module.css';

export type MessagePreviewProps = Readonly<{
  template: Pick<MessageTemplate, 'subject' | 'body' | 'channel' | 'purpose'>;
  chainName: string;
}>;

/** The message as somebody made up would get it. */
export function MessagePreview({ template, chainName }: MessagePreviewProps) {
  const { t } = useWords();
  const values = {
    firstName: 'Wei Ling',
    lastName: 'Tan',
    name: 'Wei Ling Tan',
    chain: chainName,
    unsubscribe: t('messages.wayOut'),
  };
  const { subject, body } = renderMessage(template, values);
  return (
    <section className={layout['sheet']} aria-label={t('messages.preview')} data-testid="message-preview">
      <p className={layout['soft']}>{t('messages.previewOf')}</p>
      {template.channel === 'email' && <p className={styles['subject']}>{subject}</p>}
      <p className={styles['text']}>{body}</p>
    </section>
  );
}
