import { useStore } from 'zustand';
import type { DirectorySetup } from '../../../electron/contract/directory.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Tick } from '../../ui/tick.tsx';
import { allColumns, columnName } from './columns.ts';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';
import type { OwnColumnStore } from './own-column-store.ts';
import { OwnColumns } from './own-columns.tsx';

export type ColumnChooserProps = Readonly<{
  store: DirectoryStore;
  columns: OwnColumnStore;
  setup: DirectorySetup;
  onClose: () => void;
}>;

/** Which columns she sees, from now on and on this till. The name always stands first. */
export function ColumnChooser({ store, columns: own, setup, onClose }: ColumnChooserProps) {
  const words = useWords();
  const chosen = useStore(store, (state) => state.layout.columns);
  const choose = (column: string, isOn: boolean): void => {
    const columns = isOn ? [...chosen, column] : chosen.filter((each) => each !== column);
    store.getState().setLayout({ columns });
  };
  return (
    <section
      className={styles['panel']}
      aria-label={words.t('directory.columns')}
      data-testid="column-chooser"
    >
      <div className={styles['ticks']}>
        {allColumns(setup)
          .filter((column) => column !== 'name')
          .map((column) => (
            <Tick key={column} isOn={chosen.includes(column)} onChange={(isOn) => choose(column, isOn)}>
              {columnName(words, setup, column)}
            </Tick>
          ))}
      </div>
      {setup.isManager && <OwnColumns columns={own} setup={setup} />}
      <Button look="primary" hotkey="Esc" onPress={onClose}>
        {words.t('directory.done')}
      </Button>
    </section>
  );
}
