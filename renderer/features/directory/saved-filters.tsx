import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { RegisterFilter, SavedFilter } from '../../../sync/model/register.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';
import type { SavedFilterStore } from './saved-filter-store.ts';

export type SavedFiltersProps = Readonly<{
  store: DirectoryStore;
  filters: SavedFilterStore;
  onLoad: (filter: RegisterFilter) => void;
  /** Whoever may rename them and put them away. */
  isManager: boolean;
  canSave: boolean;
}>;

/** Filters under a name, for everybody at a desk of the chain: taken, renamed, put away, and a new one. */
export function SavedFilters({ store, filters, onLoad, isManager, canSave }: SavedFiltersProps) {
  const words = useWords();
  const { t } = words;
  const { saved, failure, load } = useStore(filters);
  const [renamed, setRenamed] = useState<SavedFilter | null>(null);
  const [leaving, setLeaving] = useState<SavedFilter | null>(null);
  useEffect(() => void load(), [load]);
  return (
    <div className={styles['saved']}>
      {saved.length > 0 && (
        <ul className={styles['savedList']} aria-label={t('directory.saved')}>
          {saved.map((each) => (
            <li key={each.filterId} className={styles['deeds']} data-testid="saved-filter">
              <Button
                onPress={() => {
                  store.getState().choose({ filter: each.filter, search: each.search });
                  onLoad(each.filter);
                }}
              >
                {each.name}
              </Button>
              {isManager && (
                <>
                  <Button
                    look="quiet"
                    label={t('directory.rename', { name: each.name })}
                    onPress={() => setRenamed(each)}
                    testId="filter-rename"
                  >
                    {t('directory.renameShort')}
                  </Button>
                  <Button
                    look="quiet"
                    label={t('directory.retireFilter', { name: each.name })}
                    onPress={() => setLeaving(each)}
                    testId="filter-retire"
                  >
                    {t('directory.retireShort')}
                  </Button>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {leaving !== null && <RetireAsk filters={filters} filter={leaving} onDone={() => setLeaving(null)} />}
      {renamed !== null && (
        <NameForm
          key={renamed.filterId}
          filters={filters}
          label={t('directory.newName', { name: renamed.name })}
          start={renamed.name}
          isTaken={(name) => name !== renamed.name && saved.some((each) => each.name === name)}
          onSave={(name) =>
            filters
              .getState()
              .rename(renamed, name)
              .then((isDone) => {
                if (isDone) setRenamed(null);
                return isDone;
              })
          }
        />
      )}
      {canSave && renamed === null && (
        <NameForm
          filters={filters}
          label={t('directory.saveAs')}
          start=""
          onSave={(name) => filters.getState().save(name, store.getState().choice)}
        />
      )}
      {failure !== null && <FailureNotice words={words.failure(failure)} />}
    </div>
  );
}

type RetireAskProps = Pick<SavedFiltersProps, 'filters'> &
  Readonly<{ filter: SavedFilter; onDone: () => void }>;

function RetireAsk({ filters, filter, onDone }: RetireAskProps) {
  const { t } = useWords();
  const isBusy = useStore(filters, (state) => state.isBusy);
  return (
    <Notice
      tone="plain"
      title={t('directory.retireAsk', { name: filter.name })}
      detail={t('directory.retireDetail')}
    >
      <Button onPress={onDone}>{t('directory.keep')}</Button>
      <Button
        look="danger"
        isDisabled={isBusy}
        onPress={() => void filters.getState().retire(filter).then(onDone)}
        testId="filter-retire-yes"
      >
        {t('directory.retireYes')}
      </Button>
    </Notice>
  );
}

type NameFormProps = Pick<SavedFiltersProps, 'filters'> &
  Readonly<{
    label: string;
    start: string;
    isTaken?: (name: string) => boolean;
    onSave: (name: string) => Promise<boolean>;
  }>;

function NameForm({ filters, label, start, isTaken = () => false, onSave }: NameFormProps) {
  const { t } = useWords();
  const isBusy = useStore(filters, (state) => state.isBusy);
  const [name, setName] = useState(start);
  const plain = name.trim();
  const error = isTaken(plain) ? t('directory.nameTaken') : '';
  const isReady = plain !== '' && error === '' && !isBusy;
  return (
    <form
      className={styles['save']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void onSave(plain).then((isSaved) => isSaved && setName(''));
      }}
    >
      <Field
        label={label}
        name="filter.name"
        value={name}
        onChange={setName}
        maxLength={60}
        error={error}
        isFirst={start !== ''}
      />
      <button type="submit" className={styles['submit']} disabled={!isReady}>
        {t('directory.save')}
      </button>
    </form>
  );
}
