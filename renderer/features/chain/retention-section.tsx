import { useStore } from 'zustand';
import { Chain } from '../../../sync/model/chain.ts';
import { useWords } from '../../lib/words.ts';
import { Field } from '../../ui/field.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { Select } from '../../ui/select.tsx';
import styles from './chain.module.css';
import type { RulesDraft } from './drafts.ts';
import { useProblem, type PartProps } from './form.tsx';

const RULES = Chain.shape.leftBalance.unwrap().options;

/** How long members are kept, and what becomes of balances of whom they erase. */
export function RetentionSection({
  store,
  draft,
}: Pick<PartProps, 'store'> & Readonly<{ draft: RulesDraft }>) {
  const { t } = useWords();
  const type = useStore(store, (state) => state.type);
  const problem = useProblem(store);
  const { inactiveMonths, leftBalance } = draft.texts;
  const rule = RULES.find((each) => each === leftBalance) ?? 'none';
  return (
    <fieldset className={styles['section']}>
      <legend>{t('chain.rules.retention')}</legend>
      <Field
        label={t('chain.rules.inactiveMonths')}
        hint={t('chain.rules.inactiveMonthsHint')}
        value={inactiveMonths}
        onChange={(text) => type('inactiveMonths', text)}
        error={problem('inactiveMonths')}
        inputMode="numeric"
        maxLength={3}
        name="chain-inactive"
      />
      <div className={styles['told']}>
        <Select
          {...{ label: t('chain.rules.leftBalance'), value: leftBalance, name: 'chain-left' }}
          options={[
            { value: '', label: t('chain.rules.leftBalanceOf.none') },
            ...RULES.map((value) => ({ value, label: t(`chain.rules.leftBalanceOf.${value}`) })),
          ]}
          onChange={(text) => type('leftBalance', text)}
        />
        <p className={layout['soft']}>{t(`chain.rules.leftBalanceHint.${rule}`)}</p>
      </div>
      <p className={layout['soft']}>{t('chain.rules.kept')}</p>
    </fieldset>
  );
}
