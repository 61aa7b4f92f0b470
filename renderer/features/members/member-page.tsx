import { useRef, type RefObject } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { type CardView, HISTORY_MAX, type MemberView } from '../../../electron/contract/views.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import type { Failure } from '../../lib/failure.ts';
import { useKeys } from '../../lib/keyboard.tsx';
import { useDelay } from '../../lib/use-delay.ts';
import { useWords } from '../../lib/words.ts';
import { join } from '../../ui/join.ts';
import { Notice } from '../../ui/notice.tsx';
import { AboutMember } from './about.tsx';
import { ActionBar } from './action-bar.tsx';
import type { CardDeed } from './card-keys.ts';
import { joinHistory } from './aside-state.ts';
import { MemberSegments, useAside, useDetails } from './aside.tsx';
import type { AsideStore } from './aside-store.ts';
import { HistoryExport } from './history-export.tsx';
import { History } from './history.tsx';
import { isSupervisor, type Role } from './may.ts';
import { MemberHeader } from './member-header.tsx';
import styles from './member-page.module.css';
import type { MemberStore } from './member-store.ts';
import { Outcome } from './outcome.tsx';
import { PanelForm } from './panel-form.tsx';
import { ageLimitsOf } from '../../parts/balance-age.ts';
import { IssueTicket, Ticket } from '../../parts/ticket.tsx';
import { usePaintMark } from './use-paint-mark.ts';

const SILENT_MS = 300;

export type MemberPageProps = Readonly<{
  store: MemberStore;
  aside: AsideStore;
  till: TillView;
  role: Role;
  scrollRef: RefObject<HTMLElement | null>;
  onEdit: (member: MemberView) => void;
  onMessage: (member: MemberView) => void;
  /** Another profile is the same person. */
  onSame: (member: MemberView) => void;
}>;

export function MemberPage(props: MemberPageProps) {
  const { shown } = useStore(props.store);
  switch (shown.status) {
    case 'none':
      return null;
    case 'loading':
      return <Loading />;
    case 'failed':
      return <NotShown failure={shown.failure} />;
    case 'shown':
      return <Shown {...props} member={shown.member} />;
  }
}

function NotShown({ failure }: Readonly<{ failure: Failure }>) {
  const words = useWords();
  return (
    <div className={styles['page']}>
      <FailureNotice words={words.failure(failure)} />
    </div>
  );
}

/** Nothing shows at first: a local read is over before an eye could see it. */
function Loading() {
  const { t } = useWords();
  return useDelay(SILENT_MS) ? <p className={styles['page']}>{t('member.reading')}</p> : null;
}

function Shown({
  store,
  aside,
  till,
  role,
  scrollRef,
  onEdit,
  onMessage,
  onSame,
  member,
}: MemberPageProps & Readonly<{ member: MemberView }>) {
  const { cardId, act, panel, preview, about, scanCount, ...does } = useStore(store);
  const root = useRef<HTMLDivElement>(null);
  usePaintMark(root, scanCount);
  const known = useAside(aside, member);
  useDetails(aside, known, about.status === 'open');
  const older = useStore(aside, (state) => (state.older?.memberId === member.memberId ? state.older : null));
  const entries = joinHistory(member.history, older);
  const hasOlder = older?.hasMore ?? member.history.length >= HISTORY_MAX;
  const card = member.cards.find((each) => each.cardId === cardId);
  const limits = ageLimitsOf(till);
  const issue = (): void => does.openPanel('issue');
  const { memberId } = member;
  const canIssue = member.state === 'active' && !member.extras.isRemoved;
  const { t } = useWords();
  useKeys('screen', canIssue ? { F6: { label: t('ticket.issue'), act: issue } } : {});
  return (
    <div ref={root} className={styles['page']} data-testid="member-page" data-member-id={member.memberId}>
      <MemberHeader
        member={member}
        card={card}
        policy={till.chain}
        role={role}
        onReveal={does.reveal}
        onPanel={does.openPanel}
        onEdit={() => onEdit(member)}
        onMessage={() => onMessage(member)}
        onSame={() => onSame(member)}
        isAboutOpen={about.status === 'open'}
        onAbout={does.toggleAbout}
        onConsent={() =>
          void does.run({
            method: 'consents.record',
            input: { memberId: member.memberId, isGranted: !member.hasMarketingConsent },
          })
        }
      />
      <StateNotice member={member} />
      {!panel && <MemberSegments aside={known} till={till} />}
      {about.status === 'open' && (
        // Behind a form it is out of sight, not gone: what is half typed there stays.
        <div hidden={panel !== null}>
          <AboutMember
            about={about}
            member={member}
            known={known}
            till={till}
            role={role}
            onRun={does.run}
            onTakeBack={(receipt) => does.openPanel('receipt-back', { receipt })}
            onMoreReceipts={() => void aside.getState().readMoreReceipts(memberId)}
            onSet={(patch) => void does.run({ method: 'members.setExtras', input: { memberId, patch } })}
          />
        </div>
      )}
      {panel ? (
        <div className={join(styles['desk'], card === undefined && styles['alone'])}>
          {card && <Ticket card={card} isFront attributes={till.cardAttributes} limits={limits} />}
          <PanelForm
            key={panel.kind}
            panel={panel}
            member={member}
            card={card}
            till={till}
            act={act}
            preview={preview}
            role={role}
            onType={does.setPanel}
            onData={does.setCardData}
            onSubmit={(call) => void does.submit(call)}
            onLook={does.look}
            onClose={does.dismiss}
          />
        </div>
      ) : (
        <>
          <section className={styles['tickets']} aria-label={t('member.cards')}>
            {member.cards.map((each) => (
              <Ticket
                key={each.cardId}
                card={each}
                isFront={each.cardId === cardId}
                attributes={till.cardAttributes}
                limits={limits}
                onBring={() => does.choose(each.cardId)}
              />
            ))}
            {canIssue && <IssueTicket onIssue={issue} />}
          </section>
          <ActionBar
            card={card}
            mayByHand={isSupervisor(role)}
            onDeed={(deed) => startDeed(store, deed, card)}
          />
        </>
      )}
      {!panel && (
        <Outcome
          act={act}
          member={member}
          onRetry={() => void does.retry()}
          onUndo={(opId) =>
            void does.run({ method: 'entries.undo', input: { undoesOpId: opId, reason: '' } })
          }
        />
      )}
      <HistoryExport key={memberId} {...{ store: aside, member, card, role }} isHidden={panel !== null} />
      <History
        entries={entries}
        onOlder={hasOlder ? () => void aside.getState().readOlder(memberId) : null}
        failure={older?.failure ?? null}
        hasAllStores={till.screen === 'office'}
        scrollRef={scrollRef}
        pageRef={root}
        takenAbove={!panel && act.status === 'done' ? act.opId : null}
        onUndo={(entry) =>
          void does.run({ method: 'entries.undo', input: { undoesOpId: entry.opId, reason: '' } })
        }
        onCounter={(entry) => does.openPanel('counter', { entry })}
        onEdit={(entry) => does.openPanel('edit-amount', { entry })}
      />
    </div>
  );
}

/** What needs one press is done; what needs a word first opens its form. */
function startDeed(store: MemberStore, deed: CardDeed, card: CardView | undefined): void {
  const { run, openPanel } = store.getState();
  if (card === undefined) return;
  const { cardId } = card;
  if (deed === 'stamp-1' || deed === 'stamp-2') {
    void run({ method: 'stamps.add', input: { cardId, count: deed === 'stamp-1' ? 1 : 2 } });
  } else if (deed === 'visit-1') void run({ method: 'visits.deduct', input: { cardId, count: 1 } });
  else openPanel(deed);
}

function StateNotice({ member }: Readonly<{ member: MemberView }>) {
  const { t } = useWords();
  const { state, stateReason, stateActorName } = member;
  if (member.extras.isRemoved)
    return (
      <Notice tone="refuse" icon="lock" title={t('stateNotice.removed')} detail="" testId="state-notice" />
    );
  if (state === 'active') return null;
  const who = [stateActorName, stateReason].filter((part) => part !== '').join(': ');
  return (
    <Notice
      tone={state === 'locked' ? 'warn' : 'refuse'}
      icon="lock"
      title={t(`stateNotice.${state}`)}
      detail={who}
      testId="state-notice"
    />
  );
}
