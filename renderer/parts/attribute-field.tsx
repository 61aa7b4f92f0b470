import type { Output } from '../../electron/contract/index.ts';
import { useWords } from '../lib/words.ts';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { problemOf } from './attribute-problem.ts';

export type Attribute = Output<'attributes.list'>[number];

export type AttributeFieldProps = Readonly<{
  attribute: Attribute;
  /** As it is kept: digits, a day as YYYY-MM-DD, yes or no; '' for none. */
  value: string;
  onChange: (value: string) => void;
  /** Somebody tried to save it: a value that can not be kept is marked from now on. */
  isSaying?: boolean;
}>;

/** A field of the chain's own, asked for as what it is. */
export function AttributeField({ attribute, value, onChange, isSaying = false }: AttributeFieldProps) {
  const { t, named } = useWords();
  const { attributeId, type, choices } = attribute;
  const problem = isSaying ? problemOf(attribute, value) : null;
  const error = problem === null ? '' : t(`attribute.problem.${problem}`);
  const shared = {
    label: named(attribute.name, attribute.nameZh),
    value,
    onChange,
    name: `custom-${attributeId}`,
  };
  if (type === 'choice' || type === 'yes-no') {
    const words =
      type === 'choice'
        ? choices.map((choice) => ({ value: choice, label: choice }))
        : (['yes', 'no'] as const).map((word) => ({ value: word, label: t(`attribute.${word}`) }));
    // What was once a choice stays one for who has it.
    const isKnown = value === '' || words.some((word) => word.value === value);
    const options = [{ value: '', label: t('attribute.none') }, ...words];
    const all = isKnown ? options : [...options, { value, label: value }];
    return <Select {...shared} options={all} error={error} />;
  }
  if (type === 'day') return <Field {...shared} error={error} type="date" />;
  const inputMode = type === 'number' ? 'decimal' : 'text';
  return <Field {...shared} error={error} maxLength={500} inputMode={inputMode} />;
}
