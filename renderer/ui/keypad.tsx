import { Button } from 'react-aria-components/Button';
import { Icon } from './icon.tsx';
import styles from './keypad.module.css';

export type KeypadProps = Readonly<{
  value: string;
  onChange: (value: string) => void;
  /** The sign left of the zero: a decimal point, two zeros, or nothing. */
  extra?: '.' | '00' | '';
  maxLength?: number;
  label: string;
  eraseLabel: string;
}>;

/** Digits for fingers. The field beside it keeps the focus, so that keys and fingers can take turns. */
export function Keypad({ value, onChange, extra = '', maxLength = 12, label, eraseLabel }: KeypadProps) {
  const add = (signs: string): void => onChange((value + signs).slice(0, maxLength));
  const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', extra, '0'];
  return (
    <div className={styles['keypad']} role="group" aria-label={label} data-fingers-only>
      {keys.map((signs) =>
        signs === '' ? (
          <span key="none" />
        ) : (
          <Button
            key={signs}
            className={styles['key'] ?? ''}
            preventFocusOnPress
            excludeFromTabOrder
            onPress={() => add(signs)}
          >
            {signs}
          </Button>
        ),
      )}
      <Button
        className={styles['key'] ?? ''}
        preventFocusOnPress
        excludeFromTabOrder
        aria-label={eraseLabel}
        onPress={() => onChange(value.slice(0, -1))}
      >
        <Icon name="erase" size={24} />
      </Button>
    </div>
  );
}
