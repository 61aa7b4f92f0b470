import styles from './shop-day.module.css';

export type TableProps = Readonly<{
  title: string;
  heads: readonly string[];
  /** The first cell of each names it. */
  rows: readonly (readonly string[])[];
}>;

export function Table({ title, heads, rows }: TableProps) {
  return (
    <table className={styles['table']}>
      <caption>{title}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name = '', ...cells], at) => (
          // Two people may have one name.
          <tr key={`${at} ${name}`}>
            <th scope="row">{name}</th>
            {cells.map((cell, column) => (
              <td key={heads[column + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
