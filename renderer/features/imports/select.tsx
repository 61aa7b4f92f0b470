import styles from './imports.module.css';

export type SelectProps = Readonly<{
  label: string;
  value: string;
  options: readonly { readonly value: string; readonly label: string }[];
  onChange: (value: string) => void;
  /** In a table the column's head says it. */
  isLabelHidden?: boolean;
  isMissing?: boolean;
}>;

/** One of many, by the system's own list. */
export function Select({
  label,
  value,
  options,
  onChange,
  isLabelHidden = false,
  isMissing = false,
}: SelectProps) {
  return (
    <label className={styles['select']}>
      {!isLabelHidden && <span className={styles['label']}>{label}</span>}
      <select
        className={styles['choice']}
        aria-label={label}
        aria-invalid={isMissing}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
