import type { DirectorySetup } from '../../../electron/contract/directory.ts';
import { type ColumnKinds, kindOfColumn } from '../../../sync/model/register.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { allColumns, columnName, opsOf, valueName } from './columns.ts';
import styles from './directory.module.css';
import { newRule, type RuleDraft } from './rule-draft.ts';

export type RuleFieldsProps = Readonly<{
  rule: RuleDraft;
  setup: DirectorySetup;
  /** What each of the chain's own columns is. */
  kinds: ColumnKinds;
  /** Null: it goes. */
  onChange: (rule: RuleDraft | null) => void;
}>;

/** One condition: of what, how, and what for. */
export function RuleFields({ rule, setup, kinds, onChange }: RuleFieldsProps) {
  const words = useWords();
  const { t } = words;
  return (
    <div className={styles['rule']} data-testid="filter-rule">
      <select
        className={styles['select']}
        aria-label={t('directory.ruleColumn')}
        value={rule.column}
        onChange={(event) => onChange(newRule(event.target.value, kinds))}
      >
        {[...new Set([...allColumns(setup), rule.column])].map((column) => (
          <option key={column} value={column}>
            {columnName(words, setup, column)}
          </option>
        ))}
      </select>
      <select
        className={styles['select']}
        aria-label={t('directory.ruleOp')}
        value={rule.op}
        onChange={(event) => {
          const op = opsOf(rule.column, kinds).find((each) => each === event.target.value);
          if (op !== undefined) onChange({ ...rule, op });
        }}
      >
        {opsOf(rule.column, kinds).map((op) => (
          <option key={op} value={op}>
            {t(`directory.op.${op}`)}
          </option>
        ))}
      </select>
      <RuleValue rule={rule} setup={setup} kinds={kinds} onChange={onChange} />
      <Button look="quiet" label={t('directory.removeRule')} onPress={() => onChange(null)}>
        <Icon name="close" />
      </Button>
    </div>
  );
}

function RuleValue(props: RuleFieldsProps) {
  const { rule, kinds, onChange } = props;
  const { t } = useWords();
  const { op } = rule;
  if (op === 'empty' || op === 'filled') return <span />;
  if (op === 'anyOf' || op === 'noneOf') return <Values {...props} />;
  if (op === 'between') {
    const isNumber = kindOfColumn(rule.column, kinds) === 'number';
    const field = isNumber ? { type: 'number', step: 'any' } : { type: 'date' };
    return (
      <span className={styles['bounds']}>
        <input
          className={styles['input']}
          {...field}
          aria-label={t('directory.from')}
          value={rule.from}
          onChange={(event) => onChange({ ...rule, from: event.target.value })}
        />
        <input
          className={styles['input']}
          {...field}
          aria-label={t('directory.to')}
          value={rule.to}
          onChange={(event) => onChange({ ...rule, to: event.target.value })}
        />
      </span>
    );
  }
  if (op === 'inMonth') return <Months rule={rule} onChange={onChange} />;
  const isDays = op === 'within' || op === 'notWithin';
  return (
    <input
      className={styles['input']}
      inputMode={isDays ? 'numeric' : 'text'}
      aria-label={isDays ? t('directory.days') : t('directory.ruleText')}
      placeholder={isDays ? t('directory.days') : ''}
      value={rule.text}
      maxLength={120}
      autoComplete="off"
      onChange={(event) => onChange({ ...rule, text: event.target.value })}
    />
  );
}

const MONTHS = Array.from({ length: 12 }, (_, at) => String(at + 1));

function Months({ rule, onChange }: Pick<RuleFieldsProps, 'rule' | 'onChange'>) {
  const { t, language } = useWords();
  const names = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    month: 'long',
    timeZone: 'UTC',
  });
  return (
    <select
      className={styles['select']}
      aria-label={t('directory.month')}
      value={rule.text === '' ? '1' : rule.text}
      onChange={(event) => onChange({ ...rule, text: event.target.value })}
    >
      {MONTHS.map((month) => (
        <option key={month} value={month}>
          {names.format(Date.UTC(2024, Number(month) - 1, 1))}
        </option>
      ))}
    </select>
  );
}

/** Values that members have, with how many have each: a press takes one in or out. */
function Values({ rule, setup, onChange }: RuleFieldsProps) {
  const words = useWords();
  const values = setup.values[rule.column] ?? [];
  const toggle = (value: string): void => {
    const isChosen = rule.values.includes(value);
    onChange({
      ...rule,
      values: isChosen ? rule.values.filter((each) => each !== value) : [...rule.values, value],
    });
  };
  return (
    <span className={styles['values']} role="group" aria-label={words.t('directory.ruleValues')}>
      {values.length === 0 && <span className={styles['soft']}>{words.t('directory.noValues')}</span>}
      {values.map((each) => (
        <button
          key={each.value}
          type="button"
          className={styles['value']}
          aria-pressed={rule.values.includes(each.value)}
          onClick={() => toggle(each.value)}
        >
          {valueName(words, each, rule.column)}
          {each.count !== null && <span className={styles['soft']}>{words.formats.number(each.count)}</span>}
        </button>
      ))}
    </span>
  );
}
