export type FactsProps = Readonly<{
  /** What each is, and its text: one without a text is left out. */
  rows: readonly (readonly [label: string, text: string])[];
  className: string | undefined;
  isSelectable?: boolean;
}>;

/** What is known of one thing, a line each. */
export function Facts({ rows, className, isSelectable }: FactsProps) {
  return (
    <dl className={className} data-selectable={isSelectable}>
      {rows
        .filter(([, text]) => text !== '')
        .map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
    </dl>
  );
}
