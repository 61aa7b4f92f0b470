import type { InboxView } from '../../../electron/contract/inbox.ts';
import { useWords } from '../../lib/words.ts';
import { Notice } from '../../ui/notice.tsx';
import styles from './inbox.module.css';
import { opName } from '../../lib/op-name.ts';

export type OwnHeldListProps = Readonly<{
  own: InboxView['own'];
  /** Without a line they are all there is to see, so each is named. */
  isOpen: boolean;
}>;

/** What of this till the centre holds, with the reasons: from the till's own file. */
export function OwnHeldList({ own, isOpen }: OwnHeldListProps) {
  const words = useWords();
  const { t, formats } = words;
  if (own.count === 0) return null;
  const list = (
    <ul className={styles['own']}>
      {own.ops.map(({ opId, tseq, kind, reason, wallMs, memberName }) => (
        <li key={opId} data-testid="own-held-op" data-reason={reason}>
          {t('close.item', { number: tseq })} · {opName(words, kind)}
          {memberName !== '' && ` · ${memberName}`} · {formats.moment(wallMs)} · {t(`held.${reason}`)}
        </li>
      ))}
    </ul>
  );
  return (
    <Notice
      tone="warn"
      title={t('inbox.own', { count: own.count })}
      detail={
        <>
          {t('inbox.ownNext')}
          {isOpen && list}
        </>
      }
      testId="own-held"
    />
  );
}
