import type { RefObject } from 'react';
import { useStore } from 'zustand';
import type { Session, TillView } from '../../electron/contract/till.ts';
import { EnrolmentPage } from '../features/enrolment/enrolment-page.tsx';
import { MergePage } from '../features/inbox/merge-page.tsx';
import { MergedPeople } from '../features/inbox/merged-people.tsx';
import { EditMember } from '../features/members/edit-member.tsx';
import { MemberPage } from '../features/members/member-page.tsx';
import { Home } from '../features/till/home.tsx';
import type { Sounds } from '../lib/sound.ts';
import { useWords } from '../lib/words.ts';
import { DeskScreen } from './desk-screen.tsx';
import { hasUnfinishedEnrolment, openMessages, startEnrolment, stepBack } from './moves.ts';
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
        <>
          <MergedPeople store={stores.merged} />
          <MemberPage
            store={stores.member}
            aside={stores.aside}
            till={view}
            role={role}
            scrollRef={scrollRef}
            onSame={(member) => {
              stores.search.getState().clear();
              stores.merge.getState().open(member);
              stores.place.getState().go('merge');
            }}
            onMessage={({ memberId, name }) => openMessages(stores, { kind: 'member', memberId, name })}
            onEdit={(member) => {
              stores.edit.getState().goOn(member);
              stores.place.getState().go('edit');
            }}
          />
        </>
      );
    case 'enrol':
      return <EnrolScreen stores={stores} view={view} session={session} />;
    case 'merge':
      return <MergeScreen stores={stores} view={view} />;
    case 'edit':
      return (
        <EditMember
          store={stores.edit}
          role={role}
          tiers={view.tiers}
          onClose={() => {
            stores.edit.getState().close();
            stores.place.getState().go('member');
          }}
        />
      );
    case 'cards':
    case 'chain':
    case 'close-day':
    case 'directory':
    case 'imports':
    case 'inbox':
    case 'log':
    case 'messages':
    case 'programmes':
    case 'scanners':
    case 'segments':
    case 'settings':
    case 'shop-day':
      return <DeskScreen place={place} stores={stores} view={view} session={session} sounds={sounds} />;
  }
}

function MergeScreen({ stores, view }: Pick<ScreenProps, 'stores' | 'view'>) {
  const { named } = useWords();
  const tierName = (tierId: string): string => {
    const tier = view.tiers.find((each) => each.tierId === tierId);
    return tier === undefined ? tierId : named(tier.name, tier.nameZh);
  };
  return <MergePage store={stores.merge} tierName={tierName} onClose={() => stepBack(stores)} />;
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

function EnrolScreen({ stores, view, session }: Pick<ScreenProps, 'stores' | 'view' | 'session'>) {
  return (
    <EnrolmentPage
      store={stores.enrolment}
      till={view}
      today={todayText()}
      isSupervisor={session.person.role !== 'cashier'}
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
