import { useEffect, useRef, useState } from 'react';
import type { DirectorySetup } from '../../../electron/contract/directory.ts';
import { RULES_MAX } from '../../../sync/model/register.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';
import { kindsIn } from './columns.ts';
import { type FilterDraft, newGroup, newRule, toDraft, toFilter } from './rule-draft.ts';
import { RuleFields } from './rule-fields.tsx';
import { MatchField, RuleGroup } from './rule-group.tsx';
import type { SavedFilterStore } from './saved-filter-store.ts';
import { SavedFilters } from './saved-filters.tsx';

export type FilterPanelProps = Readonly<{
  store: DirectoryStore;
  filters: SavedFilterStore;
  setup: DirectorySetup;
  onClose: () => void;
}>;

type Part = FilterDraft['rules'][number];

/** Conditions on any column, joined by and or or, and groups of such; the list follows as they become whole. */
export function FilterPanel({ store, filters, setup, onClose }: FilterPanelProps) {
  const { t } = useWords();
  const kinds = kindsIn(setup);
  const [draft, setDraft] = useState<FilterDraft>(() => {
    const now = toDraft(store.getState().choice.filter, kinds);
    return now.rules.length === 0 ? { match: 'all', rules: [newRule('state', kinds)] } : now;
  });
  const first = useRef<HTMLSelectElement>(null);
  // Whoever opened it means to set it.
  useEffect(() => first.current?.focus(), []);
  const change = (next: FilterDraft): void => {
    setDraft(next);
    store.getState().choose({ filter: toFilter(next, kinds) });
  };
  const setPart = (at: number, part: Part | null): void => {
    const rules = draft.rules.flatMap((each, place) => (place === at ? (part ?? []) : each));
    change({ ...draft, rules });
  };
  const add = (part: Part): void => change({ ...draft, rules: [...draft.rules, part] });
  const isFull = draft.rules.length >= RULES_MAX;
  return (
    <section className={styles['panel']} aria-label={t('directory.filter')} data-testid="filter-panel">
      <MatchField
        label={t('directory.match.label')}
        match={draft.match}
        fieldRef={first}
        onChange={(match) => change({ ...draft, match })}
      />
      <ul className={styles['rules']}>
        {draft.rules.map((part, at) => (
          // Rules have no name of their own; their place is what a person points at.
          <li key={`${at}`}>
            {'rules' in part ? (
              <RuleGroup
                group={part}
                {...{ setup, kinds }}
                onChange={(next) => setPart(at, next)}
                onAdd={() => setPart(at, { ...part, rules: [...part.rules, newRule('tier', kinds)] })}
              />
            ) : (
              <RuleFields rule={part} {...{ setup, kinds }} onChange={(next) => setPart(at, next)} />
            )}
          </li>
        ))}
      </ul>
      <div className={styles['deeds']}>
        <Button isDisabled={isFull} onPress={() => add(newRule('tier', kinds))} testId="add-rule">
          {t('directory.addRule')}
        </Button>
        <Button
          isDisabled={isFull}
          onPress={() => add(newGroup(draft, newRule('tier', kinds)))}
          testId="add-group"
        >
          {t('directory.addGroup')}
        </Button>
        <Button look="primary" hotkey="Esc" onPress={onClose}>
          {t('directory.done')}
        </Button>
      </div>
      <SavedFilters
        store={store}
        filters={filters}
        onLoad={(filter) => setDraft(toDraft(filter, kinds))}
        isManager={setup.isManager}
        canSave={setup.isManager && toFilter(draft, kinds).rules.length > 0}
      />
    </section>
  );
}
