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
  open(stores: Stores): void;
}

const MANAGER = ['manager'] as const;
const BOTH = ['manager', 'supervisor'] as const;

/** Places of the desk in the order of the rail; the name is `rail.<place>` of the catalogues. */
const RAIL: readonly RailPlace[] = [
  { place: 'directory', icon: 'people', roles: BOTH, open: (stores) => openDirectory(stores) },
  { place: 'cards', icon: 'card', roles: BOTH, open: openCards },
  { place: 'programmes', icon: 'stamp', roles: MANAGER, open: openProgrammes },
  { place: 'imports', icon: 'import', roles: MANAGER, open: openImports },
  { place: 'segments', icon: 'segment', roles: BOTH, open: openSegments },
  { place: 'messages', icon: 'message', roles: MANAGER, open: (stores) => openMessages(stores) },
  { place: 'inbox', icon: 'inbox', roles: MANAGER, open: openInbox },
  { place: 'close-day', icon: 'day', roles: BOTH, isTillOnly: true, open: openCloseDay },
  { place: 'shop-day', icon: 'chart', roles: BOTH, open: openShopDay },
  { place: 'log', icon: 'log', roles: BOTH, open: openLog },
  { place: 'scanners', icon: 'scan', roles: BOTH, isTillOnly: true, open: openDoctor },
  { place: 'settings', icon: 'settings', roles: BOTH, open: ({ place }) => place.getState().go('settings') },
  { place: 'chain', icon: 'shop', roles: BOTH, open: openChain },
];

/** None for a cashier: her till has no desk. */
export const railOf = (role: StaffRole, screen: TillView['screen']): readonly RailPlace[] =>
  role === 'cashier'
    ? []
    : RAIL.filter(
        ({ roles, isTillOnly = false }) => roles.includes(role) && !(isTillOnly && screen === 'office'),
      );
