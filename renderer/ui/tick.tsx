import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components/Checkbox';
import { Icon } from './icon.tsx';
import styles from './tick.module.css';

export type TickProps = Readonly<{
  children: ReactNode;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  hint?: string;
  isReadOnly?: boolean;
}>;

export function Tick({ children, isOn, onChange, hint, isReadOnly = false }: TickProps) {
  return (
    <Checkbox className={styles['tick'] ?? ''} isSelected={isOn} onChange={onChange} isReadOnly={isReadOnly}>
      <span className={styles['box']}>
        <Icon name="check" />
      </span>
      <span>
        {children}
        {hint !== undefined && <span className={styles['hint']}>{hint}</span>}
      </span>
    </Checkbox>
  );
}
