import { Suspense } from 'react';
import { useStore } from 'zustand';
import type { Session, TillView } from '../../electron/contract/till.ts';
import { CloseDayPage } from '../features/close-day/close-day-page.tsx';
import { InboxPage } from '../features/inbox/inbox-page.tsx';
import { DoctorPage } from '../features/scanners/doctor-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import type { MemberId } from '../../sync/base/ids.ts';
import { printPage } from '../lib/host.ts';
import type { Sounds } from '../lib/sound.ts';
import {
  CardsPage,
  ChainPage,
  DirectoryPage,
  ImportsPage,
  LogPage,
  MessagesPage,
  ProgrammesPage,
  SegmentsPage,
  ShopDayPage,
} from './desk-parts.tsx';
import { openDirectory, openDoctor, openMemberFrom, openMessages, stepBack } from './moves.ts';
import type { DeskPlace } from './place-store.ts';
import type { Stores } from './stores.ts';

export type DeskScreenProps = Readonly<{
  stores: Stores;
  view: TillView;
  session: Session;
  sounds: Sounds;
}>;

/** The page of the desk in front. Parts that are read when they are first opened stand still for that moment. */
export function DeskScreen({ place, ...rest }: DeskScreenProps & Readonly<{ place: DeskPlace }>) {
  return <Suspense fallback={null}>{drawPlace(place, rest)}</Suspense>;
}

/** One case for each place. */
function drawPlace(place: DeskPlace, { stores, view, session, sounds }: DeskScreenProps) {
  const mayChange = session.person.role !== 'cashier';
  const leave = (): void => stepBack(stores);
  switch (place) {
    case 'directory':
      return (
        <DirectoryPage
          store={stores.directory}
          exporting={stores.exporting}
          exportLog={stores.exportLog}
          filters={stores.savedFilters}
          coupons={stores.coupons}
          columns={stores.ownColumns}
          cardTypes={view.cardTypes}
          onMessage={
            session.person.role === 'manager'
              ? ({ memberId, name }) => openMessages(stores, { kind: 'member', memberId, name })
              : null
          }
          onOpen={(memberId) => openMemberFrom('directory', memberId, stores)}
        />
      );
    case 'cards':
      return (
        <CardsPage
          store={stores.cards}
          till={view}
          onOpenMember={(memberId) => openMemberFrom('cards', memberId, stores)}
          onClose={leave}
          onPrint={printPage}
        />
      );
    case 'chain':
      return <ChainPage store={stores.chain} till={view} onClose={leave} />;
    case 'programmes':
      return <ProgrammesPage store={stores.programmes} till={view} onClose={leave} />;
    case 'imports':
      return (
        <ImportsPage
          store={stores.imports}
          till={view}
          onOpenMember={(memberId) => openMemberFrom('imports', memberId as MemberId, stores)}
          onClose={leave}
        />
      );
    case 'segments':
      return (
        <SegmentsPage
          store={stores.segments}
          labels={stores.labels}
          till={view}
          onOpenMember={(memberId) => openMemberFrom('segments', memberId, stores)}
          onList={(choice, name) => openDirectory(stores, { choice, name })}
          onWrite={
            session.person.role === 'manager'
              ? (segmentId) => openMessages(stores, { kind: 'segment', segmentId })
              : null
          }
          onClose={leave}
        />
      );
    case 'close-day':
      return <CloseDayScreen stores={stores} view={view} />;
    case 'shop-day':
      return (
        <ShopDayPage
          store={stores.shopDay}
          chainName={view.chain?.name ?? ''}
          isManager={session.person.role === 'manager'}
          onClose={leave}
          onPrint={printPage}
        />
      );
    case 'log':
      return <LogPage store={stores.log} isManager={session.person.role === 'manager'} onClose={leave} />;
    case 'messages':
      return (
        <MessagesPage
          store={stores.messages}
          chainName={view.chain?.name ?? ''}
          isManager={session.person.role === 'manager'}
          onClose={leave}
        />
      );
    case 'inbox':
      return (
        <InboxPage
          store={stores.inbox}
          till={view}
          onOpenMember={(memberId) => openMemberFrom('inbox', memberId, stores)}
          onClose={leave}
        />
      );
    case 'scanners':
      return (
        <DoctorPage devices={stores.devices} learn={stores.learn} mayChange={mayChange} onClose={leave} />
      );
    case 'settings':
      return <SettingsScreen {...{ stores, view, sounds, mayChange }} />;
  }
}

function CloseDayScreen({ stores, view }: Pick<DeskScreenProps, 'stores' | 'view'>) {
  return (
    <CloseDayPage
      store={stores.closeDay}
      chainName={view.chain?.name ?? ''}
      place={`${view.enrolment?.storeName ?? ''} · ${view.enrolment?.tillName ?? ''}`}
      onClose={() => stepBack(stores)}
      onPrint={printPage}
    />
  );
}

type SettingsScreenProps = Pick<DeskScreenProps, 'stores' | 'view' | 'sounds'> &
  Readonly<{ mayChange: boolean }>;

function SettingsScreen({ stores, view, sounds, mayChange }: SettingsScreenProps) {
  const scanner = useStore(stores.till, (state) => state.scanner);
  return (
    <SettingsPage
      store={stores.settings}
      till={view}
      scanner={scanner}
      mayChangeScanner={mayChange}
      onClose={() => stepBack(stores)}
      onDoctor={() => openDoctor(stores)}
      sounds={sounds}
    />
  );
}
