import type { Ref } from 'react';
import { RULES_MAX, type RegisterFilter } from '../../../sync/model/register.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import styles from './directory.module.css';
import type { GroupDraft, RuleDraft } from './rule-draft.ts';
import { RuleFields, type RuleFieldsProps } from './rule-fields.tsx';

type Match = RegisterFilter['match'];

export type MatchFieldProps = Readonly<{
  label: string;
  match: Match;
  onChange: (match: Match) => void;
  fieldRef?: Ref<HTMLSelectElement>;
}>;

/** Whether all of the conditions under it must hold, or one of them is enough. */
export function MatchField({ label, match, onChange, fieldRef }: MatchFieldProps) {
  const { t } = useWords();
  return (
    <label className={styles['match']}>
      {label}
      <select
        className={styles['select']}
        value={match}
        {...(fieldRef && { ref: fieldRef })}
        onChange={(event) => onChange(event.target.value === 'any' ? 'any' : 'all')}
      >
        <option value="all">{t('directory.match.all')}</option>
        <option value="any">{t('directory.match.any')}</option>
      </select>
    </label>
  );
}

export type RuleGroupProps = Pick<RuleFieldsProps, 'setup' | 'kinds'> &
  Readonly<{
    group: GroupDraft;
    /** Null: it goes, with all that is in it. */
    onChange: (group: GroupDraft | null) => void;
    onAdd: () => void;
  }>;

/** Conditions that stand together as one: the page knows one step of such groups, as the saved filter does. */
export function RuleGroup({ group, setup, kinds, onChange, onAdd }: RuleGroupProps) {
  const { t } = useWords();
  const setRule = (at: number, rule: RuleDraft | null): void => {
    const rules = group.rules.flatMap((each, place) => (place === at ? (rule ?? []) : each));
    onChange(rules.length === 0 ? null : { ...group, rules });
  };
  return (
    <div
      className={styles['group']}
      role="group"
      aria-label={t('directory.group')}
      data-testid="filter-group"
    >
      <div className={styles['groupHead']}>
        <MatchField
          label={t('directory.groupMatch')}
          match={group.match}
          onChange={(match) => onChange({ ...group, match })}
        />
        <Button look="quiet" label={t('directory.removeGroup')} onPress={() => onChange(null)}>
          <Icon name="close" />
        </Button>
      </div>
      <ul className={styles['rules']}>
        {group.rules.map((rule, at) => (
          // Rules have no name of their own; their place is what a person points at.
          <li key={`${at}`}>
            <RuleFields rule={rule} setup={setup} kinds={kinds} onChange={(next) => setRule(at, next)} />
          </li>
        ))}
      </ul>
      <div>
        <Button
          look="quiet"
          isDisabled={group.rules.length >= RULES_MAX}
          onPress={onAdd}
          testId="add-rule-to-group"
        >
          {t('directory.addRule')}
        </Button>
      </div>
    </div>
  );
}
