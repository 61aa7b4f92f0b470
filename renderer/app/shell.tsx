import { useCallback, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Session, TillView } from '../../electron/contract/till.ts';
import { ResultList } from '../features/till/result-list.tsx';
import type { Core } from '../lib/core-client.ts';
import { useKeys } from '../lib/keyboard.tsx';
import type { Sounds } from '../lib/sound.ts';
import { useWords } from '../lib/words.ts';
import { join } from '../ui/join.ts';
import { KeySheet } from './key-sheet.tsx';
import { startEnrolment, stepBack, textsFromSearch } from './moves.ts';
import { Notices } from './notices.tsx';
import { Screen } from './screen.tsx';
import styles from './shell.module.css';
import type { Stores } from './stores.ts';
import { TopBar } from './top-bar.tsx';
import { useTypingToBox } from './use-page-keys.ts';
import { useWedge } from './use-wedge.ts';
import { resolveWedgeScan } from './wiring.ts';

export type ShellProps = Readonly<{
  core: Core;
  stores: Stores;
  sounds: Sounds;
  view: TillView;
  session: Session;
  isRestarting: boolean;
}>;

/** The shop: one bar, results while searching, one screen. */
export function Shell({ core, stores, sounds, view, session, isRestarting }: ShellProps) {
  const { t } = useWords();
  const box = useRef<HTMLInputElement>(null);
  const scroll = useRef<HTMLElement>(null);
  const { place, isKeySheetOpen, showKeys } = useStore(stores.place);
  const lookup = useStore(stores.search, (state) => state.lookup);
  const panelKind = useStore(stores.member, (state) => state.panel?.kind);
  const isSearching = lookup.status !== 'idle';
  const isBoxFree = (place === 'home' || place === 'member') && panelKind === undefined && !isKeySheetOpen;
  const takesTyping = useCallback(
    () => isBoxFree && document.querySelector('[role="dialog"],[role="menu"]') === null,
    [isBoxFree],
  );
  const enrol = (text: string): void => startEnrolment(stores, textsFromSearch(text));

  useTypingToBox(box, takesTyping);
  useWedge({
    stores,
    prefix: view.chain?.cardPrefix,
    fallback: useCallback(() => box.current, []),
    onText: useCallback((text, kind) => resolveWedgeScan({ text, kind }, core, stores), [core, stores]),
  });
  useEffect(() => {
    if (isBoxFree) box.current?.focus();
  }, [isBoxFree, place]);
  useEffect(() => {
    // In braces: newer Chromiums answer with a promise, which React would take for a clean-up.
    scroll.current?.scrollTo(0, 0);
  }, [place]);
  useKeys('app', {
    F1: { label: t('bar.keys'), act: () => showKeys(true) },
    F5: { label: t('home.enrol'), act: () => enrol(place === 'enrol' ? '' : stores.search.getState().text) },
    Escape: { label: t('keys.back'), act: () => stepBack(stores) },
  });

  return (
    <div className={styles['shell']}>
      <TopBar stores={stores} view={view} session={session} boxRef={box} onHome={() => goHome(stores)} />
      <div className={join(styles['body'], isSearching && styles['searching'])}>
        {isSearching && <ResultList store={stores.search} onEnrol={enrol} />}
        <main className={styles['main']} ref={scroll}>
          <Notices stores={stores} view={view} isRestarting={isRestarting} />
          <Screen stores={stores} view={view} session={session} scrollRef={scroll} sounds={sounds} />
        </main>
      </div>
      {isKeySheetOpen && <KeySheet onClose={() => showKeys(false)} />}
    </div>
  );
}

function goHome({ search, member, place }: Stores): void {
  search.getState().clear();
  member.getState().close();
  place.getState().go('home');
}
