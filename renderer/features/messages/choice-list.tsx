import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { Label } from 'react-aria-components/Label';
import layout from '../../ui/list-and-detail.module.css';
import styles from './messages.module.css';

export type ChoiceListProps = Readonly<{
  title: string;
  /** Said when there is nothing to choose. */
  empty: string;
  chosen: string;
  options: readonly { readonly id: string; readonly name: string; readonly detail: string }[];
  onChoose: (id: string) => void;
}>;

/** One of many, one below the other; arrow keys walk. */
export function ChoiceList({ title, empty, chosen, options, onChoose }: ChoiceListProps) {
  if (options.length === 0) {
    return (
      <section>
        <h2 className={styles['heading']}>{title}</h2>
        <p className={layout['soft']}>{empty}</p>
      </section>
    );
  }
  return (
    <RadioGroup className={styles['choices'] ?? ''} value={chosen === '' ? null : chosen} onChange={onChoose}>
      <Label className={styles['heading'] ?? ''}>{title}</Label>
      {options.map(({ id, name, detail }) => (
        <Radio key={id} value={id} className={styles['choice'] ?? ''}>
          <span className={styles['choiceName']}>{name}</span>
          {detail !== '' && <span className={layout['soft']}>{detail}</span>}
        </Radio>
      ))}
    </RadioGroup>
  );
}
