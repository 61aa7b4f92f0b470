import { FieldError } from 'react-aria-components/FieldError';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';
import styles from './field.module.css';
import { join } from './join.ts';

export type TextAreaProps = Readonly<{
  label: string;
  value: string;
  onChange: (value: string) => void;
  rows: number;
  /** Absent: whoever reads it says what is too long, and nothing is cut off while pasting. */
  maxLength?: number;
  hint?: string;
  error?: string;
  name?: string;
}>;

/** Text of several lines. */
export function TextArea({ label, value, onChange, rows, maxLength, hint, error = '', name }: TextAreaProps) {
  return (
    <TextField
      className={styles['field'] ?? ''}
      value={value}
      onChange={onChange}
      isInvalid={error !== ''}
      validationBehavior="aria"
      {...(maxLength === undefined ? {} : { maxLength })}
      {...(name === undefined ? {} : { name })}
    >
      <Label className={styles['label'] ?? ''}>{label}</Label>
      <AriaTextArea className={join(styles['input'], styles['area'])} rows={rows} />
      {hint !== undefined && error === '' && (
        <Text slot="description" className={styles['hint'] ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles['error'] ?? ''}>{error}</FieldError>
    </TextField>
  );
}
