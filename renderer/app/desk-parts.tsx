import { useEffect } from 'react';
import { deskPart, readAhead } from './desk-part.tsx';

const PARTS = {
  directory: deskPart(async () => (await import('../features/directory/directory-page.tsx')).DirectoryPage),
  cards: deskPart(async () => (await import('../features/cards/cards-page.tsx')).CardsPage),
  segments: deskPart(async () => (await import('../features/segments/segments-page.tsx')).SegmentsPage),
  imports: deskPart(async () => (await import('../features/imports/imports-page.tsx')).ImportsPage),
  messages: deskPart(async () => (await import('../features/messages/messages-page.tsx')).MessagesPage),
  programmes: deskPart(
    async () => (await import('../features/programmes/programmes-page.tsx')).ProgrammesPage,
  ),
  shopDay: deskPart(async () => (await import('../features/shop-day/shop-day-page.tsx')).ShopDayPage),
  log: deskPart(async () => (await import('../features/log/log-page.tsx')).LogPage),
  chain: deskPart(async () => (await import('../features/chain/chain-page.tsx')).ChainPage),
};

export const DirectoryPage = PARTS.directory.Page;
export const CardsPage = PARTS.cards.Page;
export const SegmentsPage = PARTS.segments.Page;
export const ImportsPage = PARTS.imports.Page;
export const MessagesPage = PARTS.messages.Page;
export const ProgrammesPage = PARTS.programmes.Page;
export const ShopDayPage = PARTS.shopDay.Page;
export const LogPage = PARTS.log.Page;
export const ChainPage = PARTS.chain.Page;

/** For somebody with a desk: its pages are there before they are opened. */
export function useDeskParts(hasDesk: boolean): void {
  useEffect(() => {
    let isWanted = hasDesk;
    void readAhead(Object.values(PARTS), () => isWanted);
    return () => void (isWanted = false);
  }, [hasDesk]);
}
