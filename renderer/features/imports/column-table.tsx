import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import styles from './imports.module.css';
import type { Settings } from './imports-state.ts';
import type { ImportsStore } from './imports-store.ts';
import { Select } from '../../ui/select.tsx';

const UNSAID = '?';
const IGNORE = '-';

const replaced = (settings: Settings, at: number, value: string): Partial<Settings> => ({
  columns: settings.columns.map((name, place) =>
    place !== at ? name : [UNSAID, IGNORE].includes(value) ? null : value,
  ),
  ignored: [...settings.ignored.filter((place) => place !== at), ...(value === IGNORE ? [at] : [])],
});

/** The file's headers, first cells, and what each means: an unknown one waits for a word. */
export function ColumnTable({ store }: Readonly<{ store: ImportsStore }>) {
  const { t } = useWords();
  const { run, settings, columns, set } = useStore(store);
  if (run === null || settings === null) return null;
  const options = (isUnknown: boolean) => [
    ...(isUnknown ? [{ value: UNSAID, label: t('imports.unsaid') }] : []),
    { value: IGNORE, label: t('imports.ignore') },
    ...columns.map(({ name, label }) => ({ value: name, label })),
  ];
  const valueOf = (at: number): string => {
    const name = settings.columns[at] ?? null;
    if (name !== null) return name;
    return run.columns[at]?.isUnknown === true && !settings.ignored.includes(at) ? UNSAID : IGNORE;
  };
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('imports.header')}</th>
            <th scope="col">{t('imports.means')}</th>
            <th scope="col">{t('imports.sample')}</th>
          </tr>
        </thead>
        <tbody>
          {run.columns.map((column, at) => (
            <tr key={`${at} ${column.header}`} data-unknown={valueOf(at) === UNSAID}>
              <th scope="row">{column.header === '' ? t('imports.noHeader') : column.header}</th>
              <td>
                <Select
                  label={`${t('imports.means')}: ${column.header}`}
                  isLabelHidden
                  isMissing={valueOf(at) === UNSAID}
                  value={valueOf(at)}
                  options={options(column.isUnknown)}
                  onChange={(value) => set(replaced(settings, at, value))}
                />
              </td>
              <td className={styles['soft']}>{column.samples.filter(Boolean).slice(0, 2).join(' · ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
