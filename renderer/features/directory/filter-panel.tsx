import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { DirectorySetup } from '../../../electron/contract/directory.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Field } from '../../ui/field.tsx';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';
import { type FilterDraft, newRule, type RuleDraft, toDraft, toFilter } from './rule-draft.ts';
import { RuleFields } from './rule-fields.tsx';
import type { SavedFilterStore } from './saved-filter-store.ts';

const RULES_MAX = 20;
export type FilterPanelProps = Readonly<{
  store: DirectoryStore;
  filters: SavedFilterStore;
  setup: DirectorySetup;
  onClose: () => void;
}>;

/** Conditions on any column, joined by and or or; the list follows as they become whole. */
export function FilterPanel({ store, filters, setup, onClose }: FilterPanelProps) {
  const { t } = useWords();
  const [draft, setDraft] = useState<FilterDraft>(() => {
    const now = toDraft(store.getState().choice.filter);
    return now === null || now.rules.length === 0 ? { match: 'all', rules: [newRule('state')] } : now;
  });
  const first = useRef<HTMLSelectElement>(null);
  // Whoever opened it means to set it.
  useEffect(() => first.current?.focus(), []);
  const change = (next: FilterDraft): void => {
    setDraft(next);
    store.getState().choose({ filter: toFilter(next) });
  };
  const setRule = (at: number, rule: RuleDraft | null): void => {
    const rules = draft.rules.flatMap((each, place) => (place === at ? (rule ?? []) : each));
    change({ ...draft, rules });
  };
  return (
    <section className={styles['panel']} aria-label={t('directory.filter')} data-testid="filter-panel">
      <label className={styles['match']}>
        {t('directory.match.label')}
        <select
          className={styles['select']}
          value={draft.match}
          ref={first}
          onChange={(event) => change({ ...draft, match: event.target.value === 'any' ? 'any' : 'all' })}
        >
          <option value="all">{t('directory.match.all')}</option>
          <option value="any">{t('directory.match.any')}</option>
        </select>
      </label>
      <ul className={styles['rules']}>
        {draft.rules.map((rule, at) => (
          // Rules have no name of their own; their place is what a person points at.
          <li key={`${at}`}>
            <RuleFields rule={rule} setup={setup} onChange={(next) => setRule(at, next)} />
          </li>
        ))}
      </ul>
      <div className={styles['deeds']}>
        <Button
          isDisabled={draft.rules.length >= RULES_MAX}
          onPress={() => change({ ...draft, rules: [...draft.rules, newRule('tier')] })}
          testId="add-rule"
        >
          {t('directory.addRule')}
        </Button>
        <Button look="primary" hotkey="Esc" onPress={onClose}>
          {t('directory.done')}
        </Button>
      </div>
      <SavedFilters
        store={store}
        filters={filters}
        onLoad={(loaded) => setDraft(loaded)}
        canSave={setup.isManager && toFilter(draft).rules.length > 0}
      />
    </section>
  );
}

type SavedFiltersProps = Pick<FilterPanelProps, 'store' | 'filters'> &
  Readonly<{ onLoad: (draft: FilterDraft) => void; canSave: boolean }>;

/** Filters under a name, for everybody at a desk of the chain. */
function SavedFilters({ store, filters, onLoad, canSave }: SavedFiltersProps) {
  const words = useWords();
  const { t } = words;
  const { saved, failure, isBusy, load, save } = useStore(filters);
  const [name, setName] = useState('');
  useEffect(() => void load(), [load]);
  return (
    <div className={styles['saved']}>
      {saved.length > 0 && (
        <div className={styles['deeds']} role="group" aria-label={t('directory.saved')}>
          <span className={styles['soft']}>{t('directory.saved')}</span>
          {saved.map((each) => (
            <Button
              key={each.filterId}
              onPress={() => {
                store.getState().choose({ filter: each.filter, search: each.search });
                const draft = toDraft(each.filter);
                if (draft !== null) onLoad(draft);
              }}
            >
              {each.name}
            </Button>
          ))}
        </div>
      )}
      {canSave && (
        <form
          className={styles['save']}
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === '') return;
            void save(name.trim(), store.getState().choice).then((isSaved) => isSaved && setName(''));
          }}
        >
          <Field
            label={t('directory.saveAs')}
            name="filter.name"
            value={name}
            onChange={setName}
            maxLength={60}
          />
          <button type="submit" className={styles['submit']} disabled={isBusy || name.trim() === ''}>
            {t('directory.save')}
          </button>
        </form>
      )}
      {failure !== null && <FailureNotice words={words.failure(failure)} />}
    </div>
  );
}
