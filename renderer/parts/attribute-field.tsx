import type { Output } from '../../electron/contract/index.ts';
import { useWords } from '../lib/words.ts';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';

export type Attribute = Output<'attributes.list'>[number];

export type AttributeFieldProps = Readonly<{
  attribute: Attribute;
  /** As it is kept: digits, a day as YYYY-MM-DD, yes or no; '' for none. */
  value: string;
  onChange: (value: string) => void;
}>;

/** A field of the chain's own, asked for as what it is. */
export function AttributeField({ attribute, value, onChange }: AttributeFieldProps) {
  const { t, named } = useWords();
  const { attributeId, type, choices } = attribute;
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
    return <Select {...shared} options={isKnown ? options : [...options, { value, label: value }]} />;
  }
  if (type === 'day') return <Field {...shared} type="date" />;
  return <Field {...shared} maxLength={500} inputMode={type === 'number' ? 'decimal' : 'text'} />;
}
