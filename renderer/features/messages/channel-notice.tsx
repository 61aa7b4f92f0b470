import type { MessagesView } from '../../../electron/contract/messages.ts';
import type { MessageChannel } from '../../../sync/model/template.ts';
import { useWords } from '../../lib/words.ts';
import { Notice } from '../../ui/notice.tsx';

type ChannelNoticeProps = Readonly<{ view: MessagesView | null; channel: MessageChannel }>;

/** Says beforehand that the centre has no way to send over a channel; nothing while nobody knows. */
export function ChannelNotice({ view, channel }: ChannelNoticeProps) {
  const { t } = useWords();
  if (view?.line !== 'up' || view.channels.includes(channel)) return null;
  const by = t(`messages.by.${channel}`);
  return (
    <Notice tone="warn" title={t('messages.noWay', { channel: by })} testId={`message-no-way-${channel}`} />
  );
}
