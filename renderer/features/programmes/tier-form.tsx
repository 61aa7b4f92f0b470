import type { SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Tick } from '../../ui/tick.tsx';
import type { ProgrammesStore } from './programmes-store.ts';
import styles from './programmes.module.css';
import type { TierDraft, TierText } from './tier-acts.ts';
import { TierVersions } from './tier-versions.tsx';

const ROWS: readonly (readonly TierText[])[] = [
  ['name', 'nameZh'],
  ['tierId', 'rank'],
  ['threshold', 'withinMonths'],
  ['validMonths', 'renewal'],
  ['benefits', 'benefitsZh'],
  ['validFrom'],
];
const NUMBERS: ReadonlySet<TierText> = new Set(['rank', 'withinMonths', 'validMonths']);

/** The whole rule in one sentence, as the fields say it now. */
function reachedBy({ threshold, validMonths, renewal }: TierDraft['texts']) {
  if (threshold.trim() === '') return 'programmes.tierRule.byHand';
  if (validMonths.trim() === '') return 'programmes.tierRule.forGood';
  return renewal.trim() === '' ? 'programmes.tierRule.once' : 'programmes.tierRule.renewed';
}

/** One level: how it is reached, what it gives, how long it lasts. */
export function TierForm({ store, till }: Readonly<{ store: ProgrammesStore; till: TillView }>) {
  const { t } = useWords();
  const { tierDraft, deed, editTier, saveTier } = useStore(store);
  if (tierDraft === null) return null;
  const currency = till.chain?.currency ?? '';
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void saveTier();
  };
  // The word that members carry stays once it is saved.
  const rows =
    tierDraft.known === undefined ? ROWS : ROWS.map((row) => row.filter((each) => each !== 'tierId'));
  return (
    <form
      className={styles['form']}
      onSubmit={submit}
      noValidate
      aria-label={t('programmes.tier')}
      data-testid="tier-form"
    >
      {rows.map((row) => (
        <div key={row.join()} className={styles['pair']}>
          {row.map((field) => (
            <Field
              key={field}
              label={t(`programmes.tierField.${field}.label`, { currency })}
              hint={t(`programmes.tierField.${field}.hint`)}
              value={tierDraft.texts[field]}
              onChange={(text) => editTier({ [field]: text })}
              error={tierDraft.problems[field] === true ? t('programmes.tierProblem') : ''}
              inputMode={NUMBERS.has(field) ? 'numeric' : 'text'}
              maxLength={field.startsWith('benefits') ? 300 : 60}
              isFirst={field === 'name' && tierDraft.known === undefined}
              {...(field === 'validFrom' && { type: 'date' as const })}
            />
          ))}
        </div>
      ))}
      <p className={styles['soft']} data-testid="tier-reached-by">
        {t(reachedBy(tierDraft.texts), {
          threshold: `${tierDraft.texts.threshold} ${currency}`,
          renewal: `${tierDraft.texts.renewal} ${currency}`,
          within: tierDraft.texts.withinMonths,
          months: tierDraft.texts.validMonths,
        })}
      </p>
      <Tick isOn={tierDraft.isRetired} onChange={(isRetired) => editTier({ isRetired })}>
        {t('programmes.retire')}
      </Tick>
      <div className={styles['deeds']}>
        <Button
          look="primary"
          size="large"
          onPress={() => void saveTier()}
          isDisabled={deed.status === 'busy'}
          testId="tier-save"
        >
          {t('programmes.saveTier')}
        </Button>
      </div>
      {tierDraft.known !== undefined && <TierVersions tier={tierDraft.known} />}
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}
