import type { Session, TillView } from '../../electron/contract/till.ts';
import type { IconName } from '../ui/icon.tsx';
import { openCards, openProgrammes } from './open-cards.ts';
import {
  openChain,
  openCloseDay,
  openDirectory,
  openDoctor,
  openImports,
  openInbox,
  openLog,
  openSegments,
  openMessages,
  openShopDay,
} from './moves.ts';
import type { DeskPlace } from './place-store.ts';
import type { Stores } from './stores.ts';

type StaffRole = Session['person']['role'];
type DeskRole = Exclude<StaffRole, 'cashier'>;

export interface RailPlace {
  readonly place: DeskPlace;
  readonly icon: IconName;
  readonly roles: readonly DeskRole[];
  /** Of a counter alone: an office has none of it. */
  readonly isTillOnly?: true;
  /** A line stands between groups: whom it is about, how they are reached, what happened, how all is set up. */
  readonly group: 'people' | 'reach' | 'day' | 'house';
  open(stores: Stores): void;
}

const MANAGER = ['manager'] as const;
const BOTH = ['manager', 'supervisor'] as const;

/** Places of the desk in the order of the rail; the name is `rail.<place>` of the catalogues. */
const RAIL: readonly RailPlace[] = [
  {
    place: 'directory',
    group: 'people',
    icon: 'people',
    roles: BOTH,
    open: (stores) => openDirectory(stores),
  },
  { place: 'cards', group: 'people', icon: 'card', roles: BOTH, open: openCards },
  { place: 'programmes', group: 'people', icon: 'stamp', roles: MANAGER, open: openProgrammes },
  { place: 'imports', group: 'people', icon: 'import', roles: MANAGER, open: openImports },
  { place: 'segments', group: 'reach', icon: 'segment', roles: BOTH, open: openSegments },
  {
    place: 'messages',
    group: 'reach',
    icon: 'message',
    roles: MANAGER,
    open: (stores) => openMessages(stores),
  },
  { place: 'inbox', group: 'day', icon: 'inbox', roles: MANAGER, open: openInbox },
  { place: 'close-day', group: 'day', icon: 'day', roles: BOTH, isTillOnly: true, open: openCloseDay },
  { place: 'shop-day', group: 'day', icon: 'chart', roles: BOTH, open: openShopDay },
  { place: 'log', group: 'day', icon: 'log', roles: BOTH, open: openLog },
  { place: 'scanners', group: 'house', icon: 'scan', roles: BOTH, isTillOnly: true, open: openDoctor },
  {
    place: 'settings',
    group: 'house',
    icon: 'settings',
    roles: BOTH,
    open: ({ place }) => place.getState().go('settings'),
  },
  { place: 'chain', group: 'house', icon: 'shop', roles: BOTH, open: openChain },
];

/** None for a cashier: her till has no desk. */
export const railOf = (role: StaffRole, screen: TillView['screen']): readonly RailPlace[] =>
  role === 'cashier'
    ? []
    : RAIL.filter(
        ({ roles, isTillOnly = false }) => roles.includes(role) && !(isTillOnly && screen === 'office'),
      );
