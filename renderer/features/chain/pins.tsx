import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { Field } from '../../ui/field.tsx';
import styles from './chain.module.css';
import { useProblem } from './form.tsx';
import type { PersonFormProps } from './people-part.tsx';

/** As long as the contract takes one. */
const PIN_SIGNS_MAX = 12;

/** Typed twice, and never shown: what was typed goes with the save. */
export function Pins({ store, till, draft }: PersonFormProps) {
  const { t } = useWords();
  const type = useStore(store, (state) => state.type);
  const problem = useProblem(store);
  const { texts, known, id } = draft;
  const isNew = known === null;
  const isOwn = id === till.session?.person.staffId && (texts.pin !== '' || texts.pinAgain !== '');
  const field = (name: 'pin' | 'pinAgain' | 'ownPin') => ({
    ...{ value: texts[name], name: `person-${name}`, type: 'password', inputMode: 'numeric' as const },
    autoComplete: 'new-password' as const,
    ...{ maxLength: PIN_SIGNS_MAX, error: problem(name), onChange: (text: string) => type(name, text) },
  });
  return (
    <div className={styles['pair']}>
      <Field
        {...field('pin')}
        label={t(isNew ? 'chain.people.pinNew' : 'chain.people.pinOther')}
        hint={t(isNew ? 'chain.people.pinHint' : 'chain.people.pinOtherHint')}
        isRequired={isNew}
      />
      <Field {...field('pinAgain')} label={t('chain.people.pinAgain')} isRequired={isNew} />
      {isOwn && (
        <Field
          {...field('ownPin')}
          label={t('chain.people.ownPin')}
          hint={t('chain.people.ownPinHint')}
          isRequired
        />
      )}
    </div>
  );
}
