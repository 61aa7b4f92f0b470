import { useStore } from 'zustand';
import { DEFAULT_SPEND_POLICY } from '../../../sync/model/spend-policy.ts';
import { toMemberLink } from '../../lib/member-link.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { Tick } from '../../ui/tick.tsx';
import styles from './chain.module.css';
import { LIMITS, MONEY_LIMITS, toLimitTexts, type RulesDraft } from './drafts.ts';
import { ChainForm, useProblem, type PartProps } from './form.tsx';
import { PolicySection } from './policy-section.tsx';
import { isLinkBase } from './read-draft.ts';
import { RetentionSection } from './retention-section.tsx';

/** No member's: what her support id looks like. */
const SOMEBODY = 'ABCD-1234';

/** What holds in every shop. */
export function RulesPart({ store, till }: PartProps) {
  const { t } = useWords();
  const { draft, type, turn } = useStore(store);
  const problem = useProblem(store);
  if (draft?.part !== 'rules') return null;
  const { texts, isOn } = draft;
  return (
    <ChainForm store={store} title={t('chain.tab.rules')}>
      <fieldset className={styles['section']}>
        <legend>{t('chain.rules.about')}</legend>
        <Field
          {...{ label: t('chain.rules.name'), value: texts.name, name: 'chain-name', maxLength: 60 }}
          onChange={(text) => type('name', text)}
          error={problem('name')}
          isRequired
        />
        <Tick isOn={isOn} onChange={turn} hint={t('chain.rules.sharedPhonesHint')}>
          {t('chain.rules.sharedPhones')}
        </Tick>
      </fieldset>
      <PolicySection store={store} draft={draft} />
      <RetentionSection store={store} draft={draft} />
      <Links store={store} draft={draft} />
      <Limits store={store} till={till} draft={draft} />
    </ChainForm>
  );
}

type RulesProps = Pick<PartProps, 'store'> & Readonly<{ draft: RulesDraft }>;

function Links({ store, draft }: RulesProps) {
  const { t } = useWords();
  const type = useStore(store, (state) => state.type);
  const problem = useProblem(store);
  const base = draft.texts.linkBase.trim();
  return (
    <fieldset className={styles['section']}>
      <legend>{t('chain.rules.links')}</legend>
      <Field
        label={t('chain.rules.linkBase')}
        hint={t('chain.rules.linkBaseHint')}
        value={draft.texts.linkBase}
        onChange={(text) => type('linkBase', text)}
        error={problem('linkBase')}
        inputMode="url"
        maxLength={200}
        name="chain-link"
      />
      <div role="status" className={layout['soft']} data-testid="link-preview">
        {isLinkBase(base) ? (
          <>
            <p>{t('chain.rules.linkExample')}</p>
            {(['install', 'referral'] as const).map((kind) => (
              <p key={kind} data-selectable>
                {t(`about.link.${kind}`)}: {toMemberLink(base, kind, SOMEBODY)}
              </p>
            ))}
          </>
        ) : (
          base === '' && <p>{t('chain.rules.noLinks')}</p>
        )}
      </div>
    </fieldset>
  );
}

function Limits({ store, till, draft }: RulesProps & Pick<PartProps, 'till'>) {
  const { t } = useWords();
  const { type, takeUsualLimits } = useStore(store);
  const problem = useProblem(store);
  const { currency = '', currencyDecimals = 2 } = till.chain ?? {};
  const usual = toLimitTexts(DEFAULT_SPEND_POLICY, currencyDecimals);
  const isUsual = LIMITS.every((limit) => draft.texts[limit].trim() === usual[limit]);
  return (
    <fieldset className={styles['section']}>
      <legend>{t('chain.rules.limits')}</legend>
      <p className={layout['soft']}>{t('chain.rules.limitsLead')}</p>
      <div className={styles['pair']}>
        {LIMITS.map((limit) => (
          <Field
            key={limit}
            label={t(`chain.rules.limit.${limit}.label`, { currency })}
            hint={t(`chain.rules.limit.${limit}.hint`)}
            value={draft.texts[limit]}
            onChange={(text) => type(limit, text)}
            error={problem(limit)}
            inputMode={MONEY_LIMITS.has(limit) ? 'decimal' : 'numeric'}
            maxLength={12}
            name={`limit-${limit}`}
          />
        ))}
      </div>
      <div className={layout['deeds']}>
        {isUsual ? (
          <p className={layout['soft']}>{t('chain.rules.areDefaults')}</p>
        ) : (
          <Button onPress={takeUsualLimits}>{t('chain.rules.defaults')}</Button>
        )}
      </div>
    </fieldset>
  );
}
