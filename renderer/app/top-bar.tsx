import { useState, type RefObject } from 'react';
import { Button } from 'react-aria-components/Button';
import { VisuallyHidden } from 'react-aria-components/VisuallyHidden';
import { useStore } from 'zustand';
import type { Session, TillView } from '../../electron/contract/till.ts';
import { ScannerChip } from '../features/scanners/scanner-chip.tsx';
import { SyncChip } from '../features/sync-status/sync-chip.tsx';
import { TheBox } from '../features/till/the-box.tsx';
import { useKeys } from '../lib/keyboard.tsx';
import { useWords } from '../lib/words.ts';
import { sayingKey } from '../ui/button.tsx';
import { Mark } from '../ui/desk.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { openCloseDay, openDoctor, openInbox, openShopDay } from './moves.ts';
import styles from './shell.module.css';
import type { Stores } from './stores.ts';

export type TopBarProps = Readonly<{
  stores: Stores;
  view: TillView;
  session: Session;
  boxRef: RefObject<HTMLInputElement | null>;
  onHome: () => void;
}>;

/** One bar: place, the one box, the person, the line. */
export function TopBar({ stores, view, session, boxRef, onHome }: TopBarProps) {
  const { t, named } = useWords();
  const sync = useStore(stores.till, (state) => state.sync);
  const devices = useStore(stores.devices, (state) => state.view);
  const { enrolment } = view;
  return (
    <header className={styles['bar']} data-screen-only>
      <Button className={styles['place'] ?? ''} preventFocusOnPress onPress={onHome}>
        <Mark />
        <div>
          {named(enrolment?.storeName ?? '', enrolment?.storeNameZh ?? '')}
          <span>{enrolment?.tillName}</span>
        </div>
        {/* Behind what is read on it: whoever speaks to the till says what is there. */}
        <VisuallyHidden>{t('bar.home')}</VisuallyHidden>
      </Button>
      <TheBox
        store={stores.search}
        inputRef={boxRef}
        onStepCard={(step) => stores.member.getState().choose(step)}
      />
      <div className={styles['right']}>
        <PersonMenu stores={stores} session={session} screen={view.screen} />
        {view.screen === 'till' && <ScannerChip view={devices} onOpen={() => openDoctor(stores)} />}
        {sync && <SyncChip status={sync} onSync={() => void stores.till.getState().syncNow()} />}
      </div>
    </header>
  );
}

type PersonMenuProps = Pick<TopBarProps, 'stores' | 'session'> & Readonly<{ screen: TillView['screen'] }>;

function PersonMenu({ stores, session, screen }: PersonMenuProps) {
  const { t } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  useKeys('app', { F10: { label: t('bar.personMenu'), act: () => setIsOpen(true) } });
  const { place, till } = stores;
  const isTill = screen === 'till';
  const closing = { id: 'close-day', label: t('close.title'), act: () => openCloseDay(stores) };
  const looking = { id: 'shop-day', label: t('shopDay.title'), act: () => openShopDay(stores) };
  const deciding = { id: 'inbox', label: t('inbox.title'), act: () => openInbox(stores) };
  const entries = [
    { id: 'switch', label: t('bar.switch'), act: () => void till.getState().signOut() },
    { id: 'settings', label: t('settings.title'), act: () => place.getState().go('settings') },
    ...(isTill ? [{ id: 'scanners', label: t('doctor.title'), act: () => openDoctor(stores) }] : []),
    ...(isTill && session.person.role !== 'cashier' ? [closing] : []),
    ...(session.person.role === 'cashier' ? [] : [looking]),
    ...(session.person.role === 'manager' ? [deciding] : []),
    { id: 'keys', label: t('bar.keys'), hotkey: 'F1', act: () => place.getState().showKeys(true) },
  ];
  return (
    <Menu label={t('bar.personMenu')} entries={entries} isOpen={isOpen} onOpenChange={setIsOpen}>
      <Button
        className={styles['person'] ?? ''}
        preventFocusOnPress
        data-testid="person-menu"
        render={sayingKey('F10')}
      >
        {session.person.name}
        <Icon name="down" size={18} />
      </Button>
    </Menu>
  );
}
