import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { KeyCap } from './button.tsx';
import { join } from './join.ts';
import styles from './overlay.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly act: () => void;
  readonly isDanger?: boolean;
  readonly hotkey?: string;
}

export type MenuProps = Readonly<{
  /** The button that opens it. */
  children: ReactNode;
  label: string;
  entries: readonly MenuEntry[];
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}>;

export function Menu({ children, label, entries, isOpen, onOpenChange }: MenuProps) {
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
      {children}
      <Popover className={styles['popover'] ?? ''} placement="bottom end">
        <AriaMenu
          className={styles['menu'] ?? ''}
          aria-label={label}
          onAction={(key) => entries.find(({ id }) => id === key)?.act()}
        >
          {entries.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              textValue={entry.label}
              className={join(styles['item'], entry.isDanger === true && styles['danger'])}
            >
              {entry.label}
              {entry.hotkey !== undefined && <KeyCap name={entry.hotkey} />}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
