import { useState, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { earnFor } from '../../../sync/programmes/earn.ts';
import { parseMoney } from '../../lib/parse.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { ageLimitsOf } from '../../parts/balance-age.ts';
import { Ticket } from '../../parts/ticket.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { hasEarning, readDraft } from './draft.ts';
import { FormSections } from './form-sections.tsx';
import { previewCard, unitOf } from './preview.ts';
import type { ProgrammesStore } from './programmes-store.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './programmes.module.css';
import { TrialPanel } from './trial-panel.tsx';
import { VersionList } from './version-list.tsx';

const MINUTE_MS = 60_000;

export type ProgrammeFormProps = Readonly<{ store: ProgrammesStore; till: TillView }>;

/** One card type: its rules on the left, what they look like and do on the right. */
export function ProgrammeForm({ store, till }: ProgrammeFormProps) {
  const { t } = useWords();
  const { chosen, deed, problems, save } = useStore(store);
  if (chosen === null) return null;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void save();
  };
  return (
    <>
      <aside className={styles['side']}>
        <Preview store={store} till={till} />
      </aside>
      <form
        className={join(layout['sheet'], styles['form'])}
        onSubmit={submit}
        noValidate
        aria-label={t('programmes.form')}
      >
        <FormSections store={store} till={till} />
        {Object.keys(problems).length > 0 && (
          <p className={styles['problem']} role="alert">
            {t('programmes.problems', { count: Object.keys(problems).length })}
          </p>
        )}
        <div className={layout['deeds']}>
          <Button
            look="primary"
            size="large"
            onPress={() => void save()}
            isDisabled={deed.status === 'busy'}
            testId="programme-save"
          >
            {t(chosen.version === 0 ? 'programmes.saveNew' : 'programmes.save')}
          </Button>
        </div>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
      <aside className={styles['after']}>
        {chosen.version > 0 && hasEarning(chosen.kind) && <TrialPanel store={store} />}
        <VersionList type={chosen} />
      </aside>
    </>
  );
}

/** The ticket as the cashier will see it, and what one purchase would bring. */
function Preview({ store, till }: ProgrammeFormProps) {
  const { t, units, formats } = useWords();
  const { chosen, draft } = useStore(store);
  const [amount, setAmount] = useState('25');
  const nowMs = useNow(MINUTE_MS);
  if (chosen === null || draft === null) return null;
  const { kind } = chosen;
  const decimals = till.chain?.currencyDecimals ?? 2;
  const named = { ...draft, texts: { ...draft.texts, name: draft.texts.name || t('programmes.noName') } };
  const read = readDraft(named, { kind, decimals, today: '2000-01-01', version: chosen.version + 1 });
  const minor = parseMoney(amount, decimals);
  if (!('rules' in read)) return <p className={layout['soft']}>{t('programmes.noPreview')}</p>;
  const purchase = { amountMinor: minor ?? 0, tierId: '', earnedToday: 0 };
  const earned = minor === null ? null : earnFor({ ...read.rules, kind }, purchase);
  return (
    <section
      className={styles['preview']}
      aria-label={t('programmes.preview')}
      data-testid="programme-preview"
    >
      <h2 className={styles['group']}>{t('programmes.preview')}</h2>
      <Ticket card={previewCard(kind, read.rules, nowMs)} isFront={false} limits={ageLimitsOf(till)} />
      {hasEarning(kind) && (
        <div className={styles['try']}>
          <Field
            label={t('programmes.purchaseOf', { currency: till.chain?.currency ?? '' })}
            value={amount}
            onChange={setAmount}
            inputMode="decimal"
            maxLength={12}
          />
          <p role="status" data-testid="programme-earns">
            {earned !== null &&
              (earned.why === 'below_minimum'
                ? t('preview.below', { least: formats.money(read.rules.minSpendMinor) })
                : t('programmes.earns', { units: units(earned.units, unitOf(kind)) }))}
          </p>
        </div>
      )}
    </section>
  );
}
