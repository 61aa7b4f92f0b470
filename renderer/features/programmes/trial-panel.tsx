import { useStore } from 'zustand';
import type { Trial } from '../../../electron/contract/programmes.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import type { ProgrammesStore } from './programmes-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './programmes.module.css';

const ROWS_SHOWN = 12;

/** The draft over a past day's purchases, before it goes live. */
export function TrialPanel({ store }: Readonly<{ store: ProgrammesStore }>) {
  const { t } = useWords();
  const { trial, trialDay, typeTrialDay, tryOn } = useStore(store);
  return (
    <section className={layout['panel']} aria-label={t('programmes.trial.title')} data-testid="trial">
      <h2 className={styles['group']}>{t('programmes.trial.title')}</h2>
      <p className={layout['soft']}>{t('programmes.trial.lead')}</p>
      <div className={styles['try']}>
        <Field
          label={t('programmes.trial.day')}
          type="date"
          value={trialDay}
          onChange={typeTrialDay}
          hint={t('programmes.trial.dayHint')}
        />
        <Button onPress={() => void tryOn()} testId="trial-run">
          {t('programmes.trial.run')}
        </Button>
      </div>
      {trial !== null && <TrialResult trial={trial} />}
    </section>
  );
}

function TrialResult({ trial }: Readonly<{ trial: Trial }>) {
  const { t, formats, units } = useWords();
  if (trial.day === null || trial.purchases === 0) {
    return <p role="status">{t('programmes.trial.none')}</p>;
  }
  const { unit } = trial;
  return (
    <div role="status" data-testid="trial-result">
      <p>
        {t('programmes.trial.of', {
          day: formats.day(trial.day),
          purchases: formats.number(trial.purchases),
          cards: formats.number(trial.cards),
          money: formats.money(trial.amountMinor),
        })}
      </p>
      <p className={styles['totals']}>
        <span>{t('programmes.trial.then', { units: units(trial.oldUnits, unit) })}</span>
        <strong data-testid="trial-new" data-value={trial.newUnits}>
          {t('programmes.trial.now', { units: units(trial.newUnits, unit) })}
        </strong>
        <span>{units(trial.newUnits - trial.oldUnits, unit, true)}</span>
      </p>
      {trial.isPartial && <p className={layout['soft']}>{t('programmes.trial.partial')}</p>}
      {trial.rows.length > 0 && (
        <table className={styles['table']}>
          <caption className={layout['soft']}>
            {t('programmes.trial.changed', { count: trial.changed })}
          </caption>
          <thead>
            <tr>
              <th scope="col">{t('programmes.trial.card')}</th>
              <th scope="col">{t('programmes.trial.old')}</th>
              <th scope="col">{t('programmes.trial.new')}</th>
            </tr>
          </thead>
          <tbody>
            {trial.rows.slice(0, ROWS_SHOWN).map((row) => (
              <tr key={row.cardId}>
                <td>
                  {row.name} <span className={layout['soft']}>…{row.cardNumber.slice(-4)}</span>
                </td>
                <td>{formats.units(row.oldUnits, unit)}</td>
                <td>{formats.units(row.newUnits, unit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
