import { useStore } from 'zustand';
import type { TillView } from '../../electron/contract/till.ts';
import { useWords } from '../lib/words.ts';
import { Notice } from '../ui/notice.tsx';
import { startEnrolment } from './moves.ts';
import { ScanNoticeView } from './scan-notice.tsx';
import styles from './shell.module.css';
import type { Stores } from './stores.ts';

export type NoticesProps = Readonly<{ stores: Stores; view: TillView; isRestarting: boolean }>;

/** What concerns the whole till stands above the screen and stays there while it scrolls. */
export function Notices({ stores, view, isRestarting }: NoticesProps) {
  const { t } = useWords();
  const { notice, place, say, go } = useStore(stores.place);
  const shown = useStore(stores.member, (state) => state.shown);
  const memberName =
    place === 'member' && shown.status === 'shown' && shown.member.state === 'active'
      ? shown.member.name
      : '';
  const isReadOnly = view.restriction === 'update_needed';
  if (!notice && !isRestarting && !isReadOnly) return null;
  return (
    <div className={styles['notices']}>
      {isRestarting && (
        <Notice
          tone="wait"
          title={t('start.restarting')}
          detail={t('start.restartingLead')}
          testId="restarting"
        />
      )}
      {isReadOnly && (
        <Notice tone="warn" title={t('error.update_needed.what')} detail={t('error.update_needed.next')} />
      )}
      {notice && (
        <ScanNoticeView
          notice={notice}
          memberName={memberName}
          onClose={() => say(null)}
          onEnrol={(cardNumber) => startEnrolment(stores, { cardNumber })}
          onIssue={(cardNumber) => {
            stores.member.getState().openPanel('issue');
            stores.member.getState().setPanel('cardNumber', cardNumber);
            say(null);
          }}
          onOpen={({ member, cardNumber }) => {
            stores.member.getState().show(member, cardNumber, false);
            go('member');
            // As she was when scanned, which may be long ago.
            void stores.member.getState().reread(null);
          }}
        />
      )}
    </div>
  );
}
