import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import styles from './tick.module.css';

export type ChoicesProps<Value extends string> = Readonly<{
  label: string;
  value: Value;
  options: readonly { readonly value: Value; readonly label: string }[];
  onChange: (value: Value) => void;
}>;

/** One of a few, all visible. */
export function Choices<Value extends string>({ label, value, options, onChange }: ChoicesProps<Value>) {
  return (
    <RadioGroup
      className={styles['choices'] ?? ''}
      value={value}
      // Cast: the group offers these options only.
      onChange={(next) => onChange(next as Value)}
      orientation="horizontal"
    >
      <Label className={styles['legend'] ?? ''}>{label}</Label>
      <div className={styles['row']}>
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className={styles['choice'] ?? ''}>
            {option.label}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
