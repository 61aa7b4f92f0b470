import type { HTMLInputTypeAttribute } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField } from 'react-aria-components/TextField';
import styles from './field.module.css';
import { join } from './join.ts';

export type FieldProps = Readonly<{
  label: string;
  value: string;
  onChange: (value: string) => void;
  isRequired?: boolean;
  /** What it says is in use: it keeps the focus, and takes no key. */
  isReadOnly?: boolean;
  hint?: string | undefined;
  /** Why the value can not stay so; '' when it can. */
  error?: string;
  type?: HTMLInputTypeAttribute;
  inputMode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email' | 'url';
  placeholder?: string;
  maxLength?: number;
  /** Takes the focus when it appears: a till's form is opened to be typed into at once. */
  isFirst?: boolean;
  size?: 'text' | 'figure';
  /** Where it is a secret: no browser fills in or keeps the one of somebody else. */
  autoComplete?: 'new-password' | 'off';
  name?: string;
}>;

export function Field(props: FieldProps) {
  const { label, value, onChange, isRequired = false, error = '', size = 'text' } = props;
  return (
    <TextField
      className={styles['field'] ?? ''}
      value={value}
      onChange={onChange}
      isRequired={isRequired}
      isReadOnly={props.isReadOnly ?? false}
      isInvalid={error !== ''}
      validationBehavior="aria"
      type={props.type ?? 'text'}
      inputMode={props.inputMode ?? 'text'}
      autoComplete={props.autoComplete ?? 'off'}
      {...(props.isFirst === true && { autoFocus: true })}
      {...(props.name === undefined ? {} : { name: props.name })}
      {...(props.maxLength === undefined ? {} : { maxLength: props.maxLength })}
    >
      <Label className={styles['label'] ?? ''}>
        {label}
        {isRequired && (
          <span className={styles['star']} aria-hidden="true">
            {' *'}
          </span>
        )}
      </Label>
      <Input
        className={join(styles['input'], size === 'figure' && styles['figure'])}
        {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
      />
      {props.hint !== undefined && error === '' && (
        <Text slot="description" className={styles['hint'] ?? ''}>
          {props.hint}
        </Text>
      )}
      <FieldError className={styles['error'] ?? ''}>{error}</FieldError>
    </TextField>
  );
}
