import type { ComponentProps, ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import styles from './button.module.css';
import { join } from './join.ts';

export type ButtonProps = Readonly<{
  children: ReactNode;
  onPress: () => void;
  look?: 'plain' | 'primary' | 'danger' | 'quiet';
  size?: 'medium' | 'large';
  /** The function key that does the same, shown on the button. */
  hotkey?: string | undefined;
  isDisabled?: boolean;
  /** The press leaves the focus where it is, so that the one box can keep it. */
  keepsFocus?: boolean;
  label?: string | undefined;
  testId?: string | undefined;
}>;

export function Button(props: ButtonProps) {
  const { children, onPress, look = 'plain', size = 'medium', hotkey, isDisabled = false } = props;
  return (
    <AriaButton
      className={join(styles['button'], styles[look], size === 'large' && styles['large'])}
      onPress={onPress}
      isDisabled={isDisabled}
      preventFocusOnPress={props.keepsFocus ?? false}
      {...(props.label === undefined ? {} : { 'aria-label': props.label })}
      {...(hotkey === undefined ? {} : { render: sayingKey(hotkey) })}
      {...(props.testId === undefined ? {} : { 'data-testid': props.testId })}
    >
      {children}
      {hotkey !== undefined && <KeyCap name={hotkey} />}
    </AriaButton>
  );
}

/** A button of React Aria, which drops attributes that it does not know, together with the key that does the same. */
export const sayingKey = (hotkey: string) => {
  const name = hotkey.replace('Ctrl', 'Control').replace('Esc', 'Escape');
  return (props: ComponentProps<'button'>) => <button {...props} aria-keyshortcuts={name} />;
};

/** The face of a key. Read aloud through `aria-keyshortcuts` of what it belongs to. */
export function KeyCap({ name }: Readonly<{ name: string }>) {
  return (
    <span className={styles['key']} aria-hidden="true">
      {name}
    </span>
  );
}
