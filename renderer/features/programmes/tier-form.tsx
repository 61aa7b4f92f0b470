import type { SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { parseCount, parseMoney } from '../../lib/parse.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Tick } from '../../ui/tick.tsx';
import type { ProgrammesStore } from './programmes-store.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
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
/** Longer than any tier lasts. */
const MONTHS_MAX = 1_200;
const NUMBERS: ReadonlySet<TierText> = new Set(['rank', 'withinMonths', 'validMonths']);

/** The whole rule in one sentence, as the fields say it now; what is half typed is left open. */
function ReachedBy({ texts, till }: Readonly<{ texts: TierDraft['texts']; till: TillView }>) {
  const { t, formats } = useWords();
  const decimals = till.chain?.currencyDecimals ?? 2;
  const minorOf = (text: string): number | null => (text.trim() === '' ? 0 : parseMoney(text, decimals));
  const money = (minor: number | null): string => (minor === null ? '…' : formats.money(minor));
  const months = (text: string): string => {
    const count = parseCount(text, MONTHS_MAX);
    return count === null ? '…' : t('overview.months', { count });
  };
  const [threshold, renewal] = [minorOf(texts.threshold), minorOf(texts.renewal)];
  const lasting = renewal === 0 ? 'programmes.tierRule.once' : 'programmes.tierRule.renewed';
  const limited = texts.validMonths.trim() === '' ? 'programmes.tierRule.forGood' : lasting;
  return (
    <p className={layout['soft']} data-testid="tier-reached-by">
      {t(threshold === 0 ? 'programmes.tierRule.byHand' : limited, {
        threshold: money(threshold),
        renewal: money(renewal),
        within: months(texts.withinMonths),
        months: months(texts.validMonths),
      })}
    </p>
  );
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
      className={join(layout['sheet'], styles['form'])}
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
      <ReachedBy texts={tierDraft.texts} till={till} />
      <Tick isOn={tierDraft.isRetired} onChange={(isRetired) => editTier({ isRetired })}>
        {t('programmes.retire')}
      </Tick>
      <div className={layout['deeds']}>
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
