import { useStore } from 'zustand';
import type { TillView } from '../../electron/contract/till.ts';
import { useWords } from '../lib/words.ts';
import { Notice } from '../ui/notice.tsx';
import { LateNotice } from './late-notice.tsx';
import { startEnrolment } from './moves.ts';
import { foldLate, type LateFailure } from './place-store.ts';
import { ScanNoticeView } from './scan-notice.tsx';
import styles from './shell.module.css';
import type { Stores } from './stores.ts';

export type NoticesProps = Readonly<{ stores: Stores; view: TillView; isRestarting: boolean }>;

/** What concerns the whole till stands above the screen and stays there while it scrolls. */
export function Notices({ stores, view, isRestarting }: NoticesProps) {
  const { t } = useWords();
  const { notice, lateFailures, place, say, go } = useStore(stores.place);
  const form = useStore(stores.enrolment, (state) => state.form);
  const shown = useStore(stores.member, (state) => state.shown);
  const memberName =
    place === 'member' && shown.status === 'shown' && shown.member.state === 'active'
      ? shown.member.name
      : '';
  const isOffice = view.screen === 'office';
  // The forms on a member's page belong to her, and another member has forms of her own.
  const hasTyped = useStore(stores.member, (state) => state.panel?.isTyped === true);
  const isLost = (hasTyped && place === 'member') || place === 'merge';
  const isReadOnly = view.restriction === 'update_needed';
  const aheadMs = useStore(stores.till, (state) => state.sync?.clockAheadMs ?? 0);
  const rescued = useStore(stores.till, (state) => state.sync?.rescued ?? 0);
  const mended = useStore(stores.till, (state) => state.sync?.mended ?? null);
  const isWell = aheadMs === 0 && rescued === 0 && mended === null && view.disk === 'enough';
  const isQuiet = !notice && !isRestarting && !isReadOnly && isWell;
  if (isQuiet && lateFailures.length === 0) return null;
  return (
    <div className={styles['notices']} data-screen-only>
      {isRestarting && (
        <Notice
          tone="wait"
          title={t(isOffice ? 'office.away' : 'start.restarting')}
          detail={t(isOffice ? 'office.awayLead' : 'start.restartingLead')}
          testId="restarting"
        />
      )}
      {isReadOnly && (
        <Notice tone="warn" title={t('error.update_needed.what')} detail={t('error.update_needed.next')} />
      )}
      {view.disk !== 'enough' && (
        <Notice
          tone={view.disk === 'low' ? 'wait' : 'warn'}
          title={t(`disk.${view.disk}`)}
          detail={t('disk.next')}
          testId="disk-room"
        />
      )}
      {aheadMs !== 0 && <ClockNotice aheadMs={aheadMs} />}
      {mended !== null && (
        <Notice
          tone={mended === 'whole' ? 'done' : 'warn'}
          title={t(`mended.${mended}.what`)}
          detail={t(`mended.${mended}.next`)}
          testId="mended"
        />
      )}
      {rescued > 0 && mended === null && (
        <Notice
          tone="done"
          title={t('rescued.what', { count: rescued })}
          detail={t('rescued.next')}
          testId="rescued"
        />
      )}
      <LateNotices stores={stores} hasForm={form !== null} />
      {notice && (
        <ScanNoticeView
          notice={notice}
          memberName={memberName}
          typed={place === 'edit' ? 'edit' : isLost ? 'lost' : 'waits'}
          onClose={() => say(null)}
          onEnrol={(cardNumber) => startEnrolment(stores, { cardNumber })}
          onSearch={place === 'home' || place === 'member' ? stores.search.getState().type : null}
          onEnrolPhone={place === 'enrol' ? null : (mobile) => startEnrolment(stores, { texts: { mobile } })}
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

/** The newest of what failed behind somebody's back, and how many more there are. */
function LateNotices({ stores, hasForm }: Readonly<{ stores: Stores; hasForm: boolean }>) {
  const { t } = useWords();
  const { lateFailures, closeLate } = useStore(stores.place);
  const { shown, more } = foldLate(lateFailures);
  return (
    <>
      {shown.map((late, at) => (
        <LateNotice
          key={at}
          late={late}
          hasForm={hasForm}
          onOpen={() => openLate(late, stores)}
          onClose={() => closeLate(late)}
        />
      ))}
      {more > 0 && <Notice tone="refuse" title={t('late.more', { count: more })} testId="late-more" />}
    </>
  );
}

/** One calm line: nothing is lost, and somebody sets the clock when there is time. */
function ClockNotice({ aheadMs }: Readonly<{ aheadMs: number }>) {
  const { t, formats } = useWords();
  const span = formats.span(Math.abs(aheadMs));
  return (
    <Notice
      tone="wait"
      title={t(aheadMs > 0 ? 'clock.ahead' : 'clock.behind', { span })}
      detail={t('clock.next')}
      testId="clock-off"
    />
  );
}

/** To where it can be done again: her page as it is now, or the form that waits. */
function openLate(late: LateFailure, stores: Stores): void {
  const { place, member, search } = stores;
  place.getState().closeLate(late);
  search.getState().clear();
  if (late.memberId === null) return startEnrolment(stores);
  const { shown, open, reread } = member.getState();
  // Still the one on the page: what is said there of the same act, and its way to try again, stay.
  if (shown.status === 'shown' && shown.member.memberId === late.memberId) void reread(null);
  else void open(late.memberId);
  place.getState().go('member');
}
