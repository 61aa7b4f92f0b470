import type { RefObject } from 'react';
import { useStore } from 'zustand';
import type { Session, TillView } from '../../electron/contract/till.ts';
import { CloseDayPage } from '../features/close-day/close-day-page.tsx';
import { EnrolmentPage } from '../features/enrolment/enrolment-page.tsx';
import { InboxPage } from '../features/inbox/inbox-page.tsx';
import { EditMember } from '../features/members/edit-member.tsx';
import { MemberPage } from '../features/members/member-page.tsx';
import { DoctorPage } from '../features/scanners/doctor-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { Home } from '../features/till/home.tsx';
import type { Sounds } from '../lib/sound.ts';
import { hasUnfinishedEnrolment, openDoctor, startEnrolment, stepBack } from './moves.ts';
import { todayText, type Stores } from './stores.ts';

export type ScreenProps = Readonly<{
  stores: Stores;
  view: TillView;
  session: Session;
  scrollRef: RefObject<HTMLElement | null>;
  sounds: Sounds;
}>;

/** The screen in front. */
export function Screen({ stores, view, session, scrollRef, sounds }: ScreenProps) {
  const place = useStore(stores.place, (state) => state.place);
  const { role } = session.person;
  switch (place) {
    case 'home':
      return <HomeScreen stores={stores} view={view} session={session} />;
    case 'member':
      return (
        <MemberPage
          store={stores.member}
          till={view}
          role={role}
          scrollRef={scrollRef}
          onEdit={(member) => {
            const { editing, open } = stores.edit.getState();
            // An edit of the same member that somebody left goes on where it was.
            if (editing.status === 'closed' || editing.memberId !== member.memberId) open(member);
            stores.place.getState().go('edit');
          }}
        />
      );
    case 'enrol':
      return <EnrolScreen stores={stores} view={view} />;
    case 'edit':
      return (
        <EditMember
          store={stores.edit}
          role={role}
          onClose={() => {
            stores.edit.getState().close();
            stores.place.getState().go('member');
          }}
        />
      );
    case 'close-day':
      return <CloseDayScreen stores={stores} view={view} />;
    case 'inbox':
      return <InboxPage store={stores.inbox} till={view} onClose={() => stepBack(stores)} />;
    case 'scanners':
      return <DoctorPage devices={stores.devices} learn={stores.learn} onClose={() => stepBack(stores)} />;
    case 'settings':
      return <SettingsScreen stores={stores} view={view} sounds={sounds} />;
  }
}

function HomeScreen({ stores, view, session }: Pick<ScreenProps, 'stores' | 'view' | 'session'>) {
  const texts = useStore(stores.enrolment, (state) => state.form?.texts);
  return (
    <Home
      store={stores.home}
      personName={session.person.name}
      isDemo={view.isDemo}
      hasOpenForm={hasUnfinishedEnrolment(texts)}
      onPick={(hit) => stores.openHit(hit, null)}
      onSearch={(text) => stores.search.getState().type(text)}
      onEnrol={() => startEnrolment(stores)}
    />
  );
}

function EnrolScreen({ stores, view }: Pick<ScreenProps, 'stores' | 'view'>) {
  return (
    <EnrolmentPage
      store={stores.enrolment}
      till={view}
      today={todayText()}
      onOpenMember={(memberId) => {
        stores.place.getState().go('member');
        void stores.member.getState().open(memberId);
      }}
      onLeave={() => stepBack(stores)}
      onDiscard={() => {
        stores.enrolment.getState().close();
        stepBack(stores);
      }}
    />
  );
}

function CloseDayScreen({ stores, view }: Pick<ScreenProps, 'stores' | 'view'>) {
  return (
    <CloseDayPage
      store={stores.closeDay}
      chainName={view.chain?.name ?? ''}
      place={`${view.enrolment?.storeName ?? ''} · ${view.enrolment?.tillName ?? ''}`}
      onClose={() => stepBack(stores)}
      onPrint={() => window.print()}
    />
  );
}

function SettingsScreen({ stores, view, sounds }: Pick<ScreenProps, 'stores' | 'view' | 'sounds'>) {
  const scanner = useStore(stores.till, (state) => state.scanner);
  return (
    <SettingsPage
      store={stores.settings}
      till={view}
      scanner={scanner}
      onClose={() => stepBack(stores)}
      onDoctor={() => openDoctor(stores)}
      sounds={sounds}
    />
  );
}
