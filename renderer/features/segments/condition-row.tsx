import type { Output } from '../../../electron/contract/index.ts';
import type { TillView } from '../../../electron/contract/till.ts';
import { RFM_NAMES, type ConditionTest } from '../../../sync/model/segment.ts';
import { fieldType, SEGMENT_FIELDS, testsOf, testsOfOwn } from '../../../sync/model/segment-fields.ts';
import { fieldLabel, valueLabel, type NameOf } from '../../lib/segment-words.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { isBroken, newCondition, toCondition, type ConditionDraft } from './draft.ts';
import type { WordCount } from './segments-state.ts';
import layout from '../../ui/list-and-detail.module.css';
import { Select } from '../../ui/select.tsx';
import styles from './segments.module.css';

export type ConditionRowProps = Readonly<{
  condition: ConditionDraft;
  at: number;
  till: TillView;
  /** The chain's own fields. */
  attributes: Output<'attributes.list'>;
  nameOf: NameOf;
  decimals: number;
  /** Words of the field that are in use. */
  words: readonly WordCount[];
  onChange: (next: ConditionDraft) => void;
  /** Null: the only one stays. */
  onRemove: (() => void) | null;
}>;

const FIXED: Readonly<Record<string, readonly string[]>> = {
  rfm: RFM_NAMES,
  gender: ['female', 'male'],
  state: ['active', 'locked', 'blocked'],
  customerType: ['member', 'customer'],
  verified: ['mobile', 'email'],
};

const ownField = (attributeId: string): string => `custom.${attributeId}`;

/** What can be asked of a field; of one of the chain's own by its type. */
function testsFor(attributes: Output<'attributes.list'>, field: string): readonly ConditionTest[] {
  const own = attributes.find(({ attributeId }) => ownField(attributeId) === field);
  return own === undefined ? testsOf(field) : testsOfOwn(own.type);
}

/** One condition: a field, a test that fits it, and what it is compared with. */
export function ConditionRow(props: ConditionRowProps) {
  const { condition, at, till, attributes, nameOf, onChange, onRemove } = props;
  const words = useWords();
  const { t } = words;
  const balances = till.cardTypes.map(({ cardTypeId }) => `balance.${cardTypeId}`);
  const own = attributes.map(({ attributeId }) => ownField(attributeId));
  const fields = [...new Set([...Object.keys(SEGMENT_FIELDS), ...balances, ...own, condition.field])];
  const tests = testsFor(attributes, condition.field);
  return (
    <fieldset className={styles['condition']} data-testid="condition">
      <legend className={styles['hidden']}>{t('segments.condition', { number: at + 1 })}</legend>
      <Select
        label={t('segments.fieldLabel')}
        value={condition.field}
        options={fields.map((field) => ({ value: field, label: fieldLabel(words, field, nameOf) }))}
        onChange={(field) => onChange(newCondition(field, testsFor(attributes, field)[0]))}
      />
      <Select
        label={t('segments.testLabel')}
        value={condition.test}
        // One that was chosen before the field had another type is still shown.
        options={[...new Set([...tests, condition.test])].map((test) => ({
          value: test,
          label: t(`segments.test.${test}`),
        }))}
        // Cast: the list offers these only.
        onChange={(test) =>
          onChange({ ...newCondition(condition.field, test as ConditionTest), values: condition.values })
        }
      />
      <Compared {...props} />
      {onRemove !== null && (
        <div className={styles['remove']}>
          <Button look="quiet" onPress={onRemove} label={t('segments.removeCondition', { number: at + 1 })}>
            ✕
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function Compared({ condition, till, nameOf, decimals, words: used, onChange }: ConditionRowProps) {
  const words = useWords();
  const { t } = words;
  const { field, test, values, typed } = condition;
  if (test === 'known' || test === 'unknown') return null;
  if (test !== 'oneOf' && test !== 'noneOf' && test !== 'allOf') {
    const isDay = test === 'from' || test === 'to';
    const isWrong = toCondition(condition, decimals) === null && typed !== '';
    return (
      <Field
        label={t(`segments.typed.${test}`)}
        value={typed}
        onChange={(next) => onChange({ ...condition, typed: next })}
        type={isDay ? 'date' : 'text'}
        inputMode={isDay || test === 'startsWith' ? 'text' : 'decimal'}
        error={isWrong ? t(isBroken(condition) ? 'segments.wholeNumber' : 'segments.notSo') : ''}
      />
    );
  }
  const fixed =
    field === 'cardTypes' ? till.cardTypes.map(({ cardTypeId }) => cardTypeId) : (FIXED[field] ?? []);
  const flags = fieldType(field) === 'flag' ? ['yes', 'no'] : [];
  const options = [...new Set([...fixed, ...flags, ...used.map(({ word }) => word), ...values])].slice(0, 40);
  const toggle = (value: string): void =>
    onChange({
      ...condition,
      values: values.includes(value) ? values.filter((each) => each !== value) : [...values, value],
    });
  return (
    <div className={styles['words']} role="group" aria-label={t('segments.values')}>
      {options.map((value) => (
        <button
          key={value}
          type="button"
          className={styles['word']}
          aria-pressed={values.includes(value)}
          onClick={() => toggle(value)}
        >
          {valueLabel(words, [field, value], nameOf)}
        </button>
      ))}
      {options.length === 0 && <p className={layout['soft']}>{t('segments.noValues')}</p>}
    </div>
  );
}
