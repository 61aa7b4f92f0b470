import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import styles from './tick.module.css';

export type ChoicesProps<Value extends string> = Readonly<{
  label: string;
  value: Value;
  options: readonly { readonly value: Value; readonly label: string }[];
  onChange: (value: Value) => void;
  /** Where a title beside them says it. */
  isLabelHidden?: boolean;
}>;

/** One of a few, all visible. */
export function Choices<Value extends string>(props: ChoicesProps<Value>) {
  const { label, value, options, onChange, isLabelHidden = false } = props;
  return (
    <RadioGroup
      className={styles['choices'] ?? ''}
      // A value that is none of them would leave no choice for the Tab key to reach.
      value={options.some((option) => option.value === value) ? value : null}
      // Cast: the group offers these options only.
      onChange={(next) => onChange(next as Value)}
      orientation="horizontal"
      {...(isLabelHidden && { 'aria-label': label })}
    >
      {!isLabelHidden && <Label className={styles['legend'] ?? ''}>{label}</Label>}
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
