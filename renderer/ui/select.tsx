import { useId } from 'react';
import styles from './field.module.css';

export type SelectProps = Readonly<{
  label: string;
  value: string;
  options: readonly { readonly value: string; readonly label: string }[];
  onChange: (value: string) => void;
  name?: string;
  /** Where a table's head says it. */
  isLabelHidden?: boolean;
  /** Still to be chosen. */
  isMissing?: boolean;
  /** Why the value can not stay so; '' when it can. */
  error?: string;
}>;

/** One of several, where there is no room for all of them side by side. */
export function Select(props: SelectProps) {
  const { label, value, options, onChange, name, isLabelHidden, isMissing = false, error = '' } = props;
  const id = useId();
  return (
    <div className={styles['field']}>
      {!isLabelHidden && (
        <label className={styles['label']} htmlFor={id}>
          {label}
        </label>
      )}
      <select
        id={id}
        className={styles['input']}
        aria-label={isLabelHidden ? label : undefined}
        aria-invalid={isMissing || error !== ''}
        aria-describedby={error === '' ? undefined : `${id}-error`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...(name === undefined ? {} : { name })}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {error !== '' && (
        <p id={`${id}-error`} className={styles['error']}>
          {error}
        </p>
      )}
    </div>
  );
}
