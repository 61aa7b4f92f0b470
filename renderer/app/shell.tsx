import { useCallback, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Session, TillView } from '../../electron/contract/till.ts';
import { ResultList } from '../features/till/result-list.tsx';
import { useKeys } from '../lib/keyboard.tsx';
import type { Sounds } from '../lib/sound.ts';
import { useWords } from '../lib/words.ts';
import { join } from '../ui/join.ts';
import { closeOverlays } from './close-overlays.ts';
import { CouponSheet } from './coupon-sheet.tsx';
import { useDeskParts } from './desk-parts.tsx';
import { KeySheet } from './key-sheet.tsx';
import { startEnrolment, stepBack, textsFromSearch } from './moves.ts';
import { Notices } from './notices.tsx';
import { Rail } from './rail.tsx';
import { Screen } from './screen.tsx';
import styles from './shell.module.css';
import type { Stores } from './stores.ts';
import { TopBar } from './top-bar.tsx';
import { useTypingToBox } from './use-page-keys.ts';
import type { TypingField } from './typing-field.ts';

export type ShellProps = Readonly<{
  stores: Stores;
  sounds: Sounds;
  view: TillView;
  session: Session;
  typingField: TypingField;
  isRestarting: boolean;
}>;

/** The shop: one bar, results while searching, one screen. */
export function Shell({ stores, sounds, view, session, typingField, isRestarting }: ShellProps) {
  const { t } = useWords();
  const box = useRef<HTMLInputElement>(null);
  const scroll = useRef<HTMLElement>(null);
  const { place, isKeySheetOpen, showKeys, coupon, showCoupon } = useStore(stores.place);
  // Not the look-up itself: a key in the box would draw the whole screen below it again.
  const isSearching = useStore(stores.search, ({ lookup }) => lookup.status !== 'idle');
  const panelKind = useStore(stores.member, (state) => state.panel?.kind);
  // The box looks for the other one of two profiles.
  const isFinding = useStore(stores.merge, (state) => state.merging.status === 'finding');
  const isBoxFree =
    (place === 'home' ||
      (place === 'member' && panelKind === undefined) ||
      (place === 'merge' && isFinding)) &&
    !isKeySheetOpen &&
    coupon === null;
  const takesTyping = useCallback(
    () => isBoxFree && document.querySelector('[role="dialog"],[role="menu"]') === null,
    [isBoxFree],
  );
  const enrol = (text: string): void => startEnrolment(stores, textsFromSearch(text));

  useDeskParts(session.person.role !== 'cashier');
  useTypingToBox(box, takesTyping);
  useEffect(() => typingField.offer(() => (takesTyping() ? box.current : null)), [typingField, takesTyping]);
  useEffect(() => {
    if (isBoxFree) box.current?.focus();
  }, [isBoxFree, place]);
  useEffect(() => {
    // In braces: newer Chromiums answer with a promise, which React would take for a clean-up.
    scroll.current?.scrollTo(0, 0);
  }, [place]);
  useEffect(
    () => stores.place.subscribe((now, before) => now.scanCount !== before.scanCount && closeOverlays()),
    [stores],
  );
  useKeys('app', {
    F1: { label: t('bar.keys'), act: () => showKeys(true) },
    F5: { label: t('home.enrol'), act: () => enrol(place === 'enrol' ? '' : stores.search.getState().text) },
    Escape: { label: t('keys.back'), act: () => stepBack(stores) },
  });

  return (
    <div className={styles['shell']}>
      <TopBar stores={stores} view={view} session={session} boxRef={box} onHome={() => goHome(stores)} />
      <div
        className={join(
          styles['body'],
          isSearching && styles['searching'],
          session.person.role !== 'cashier' && styles['desk'],
        )}
      >
        <Rail stores={stores} session={session} screen={view.screen} />
        {isSearching && <ResultList store={stores.search} onEnrol={enrol} />}
        <main className={styles['main']} ref={scroll}>
          <Notices stores={stores} view={view} isRestarting={isRestarting} />
          <Screen stores={stores} view={view} session={session} scrollRef={scroll} sounds={sounds} />
        </main>
      </div>
      {isKeySheetOpen && <KeySheet onClose={() => showKeys(false)} />}
      {coupon && <CouponSheet coupon={coupon} onClose={() => showCoupon(null)} />}
    </div>
  );
}

function goHome({ search, member, place }: Stores): void {
  search.getState().clear();
  member.getState().close();
  place.getState().go('home');
}
