import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import type { CardRules } from '../../../sync/model/chain.ts';
import { useWords } from '../../lib/words.ts';
import { Choices } from '../../ui/choices.tsx';
import { Field, type FieldProps } from '../../ui/field.tsx';
import { Tick } from '../../ui/tick.tsx';
import { hasEarning, hasField, hasRewards, type TextField } from './draft.ts';
import type { ProgrammesStore } from './programmes-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './programmes.module.css';
import { RewardRows } from './reward-rows.tsx';

const INKS = [
  'ink',
  'green',
  'red',
  'blue',
  'plum',
  'ochre',
] as const satisfies readonly CardRules['colour'][];
const ROUNDINGS = ['step', 'down', 'nearest', 'up'] as const;
const NUMBERS: ReadonlySet<TextField> = new Set([
  ...(['goal', 'earnPoints', 'earnMaxPerDay', 'expiresAfterMonths', 'discountPercent'] as const),
  ...(['openingUnits', 'validMonths', 'worthPoints'] as const),
]);
const MONEY: ReadonlySet<TextField> = new Set(['earnPerMinor', 'minSpendMinor', 'cashback', 'worthMinor']);
const DAYS: ReadonlySet<TextField> = new Set(['validFrom', 'usableFrom', 'usableUntil']);

export type FormSectionsProps = Readonly<{ store: ProgrammesStore; till: TillView }>;

const look = (field: TextField): Pick<FieldProps, 'type' | 'inputMode'> => {
  if (DAYS.has(field)) return { type: 'date' };
  if (NUMBERS.has(field)) return { inputMode: 'numeric' };
  return MONEY.has(field) ? { inputMode: 'decimal' } : {};
};

/** A field of the form with its label, hint and problem from the catalogue. */
function useField({ store, till }: FormSectionsProps) {
  const { t } = useWords();
  const { draft, problems, edit } = useStore(store);
  const currency = till.chain?.currency ?? '';
  return (field: TextField, isFirst = false): ReactNode =>
    draft === null ? null : (
      <Field
        key={field}
        label={t(`programmes.field.${field}.label`, { currency })}
        hint={t(`programmes.field.${field}.hint`)}
        value={draft.texts[field]}
        onChange={(text) => edit({ texts: { ...draft.texts, [field]: text } })}
        error={problems[field] === true ? t(`programmes.field.${field}.problem`) : ''}
        maxLength={60}
        name={field}
        isFirst={isFirst}
        {...look(field)}
      />
    );
}

function Section({ title, children }: Readonly<{ title: string; children: ReactNode }>) {
  return (
    <fieldset className={styles['section']}>
      <legend className={styles['group']}>{title}</legend>
      {children}
    </fieldset>
  );
}

/** What the kind of card asks for, in the order in which a manager thinks of it. */
export function FormSections(props: FormSectionsProps) {
  const { store } = props;
  const { t } = useWords();
  const { chosen, draft, edit } = useStore(store);
  const field = useField(props);
  if (chosen === null || draft === null) return null;
  const { kind } = chosen;
  const only = (...fields: TextField[]): ReactNode[] =>
    fields.filter((each) => hasField(kind, each)).map((each) => field(each));
  return (
    <>
      <Section title={t('programmes.section.card')}>
        <div className={styles['pair']}>
          {field('name', chosen.version === 0)}
          {field('nameZh')}
        </div>
        <Choices
          label={t('programmes.colour')}
          value={draft.colour}
          options={INKS.map((ink) => ({ value: ink, label: t(`programmes.ink.${ink}`) }))}
          onChange={(colour) => edit({ colour })}
        />
        <div className={styles['pair']}>{only('goal', 'openingUnits', 'discountPercent')}</div>
        {kind === 'visits' && (
          <>
            <Tick
              isOn={draft.isUnlimited}
              onChange={(isUnlimited) => edit({ isUnlimited })}
              hint={t('programmes.unlimitedHint')}
            >
              {t('programmes.unlimited')}
            </Tick>
            {!draft.isUnlimited && field('packs')}
          </>
        )}
        <div className={styles['pair']}>{only('usableFrom', 'usableUntil', 'validMonths')}</div>
      </Section>
      {hasEarning(kind) && (
        <Section title={t('programmes.section.earn')}>
          <div className={styles['pair']}>
            {only('earnPoints', 'earnPerMinor', 'cashback', 'minSpendMinor', 'earnMaxPerDay')}
          </div>
          <Choices
            label={t('programmes.rounding')}
            value={draft.earnRounding}
            options={ROUNDINGS.filter((each) => kind !== 'credit' || each !== 'step').map((each) => ({
              value: each,
              label: t(`programmes.round.${each}`),
            }))}
            onChange={(earnRounding) => edit({ earnRounding })}
          />
          <Factors store={store} />
        </Section>
      )}
      {hasField(kind, 'expiresAfterMonths') && (
        <Section title={t('programmes.section.expiry')}>
          <div className={styles['pair']}>{field('expiresAfterMonths')}</div>
          <Choices
            label={t('programmes.expiresBy')}
            value={draft.expiresBy}
            options={(['earned', 'idle'] as const).map((each) => ({
              value: each,
              label: t(`programmes.by.${each}`),
            }))}
            onChange={(expiresBy) => edit({ expiresBy })}
          />
        </Section>
      )}
      {hasRewards(kind) && (
        <Section title={t('programmes.section.rewards')}>
          {kind === 'points' && <div className={styles['pair']}>{only('worthPoints', 'worthMinor')}</div>}
          <RewardRows store={store} />
        </Section>
      )}
      <Section title={t('programmes.section.when')}>
        <div className={styles['pair']}>{field('validFrom')}</div>
        <Tick
          isOn={draft.isRetired}
          onChange={(isRetired) => edit({ isRetired })}
          hint={t('programmes.retireHint')}
        >
          {t('programmes.retire')}
        </Tick>
      </Section>
    </>
  );
}

/** What each tier earns of the usual. */
function Factors({ store }: Readonly<{ store: ProgrammesStore }>) {
  const { t, named } = useWords();
  const { draft, tiers, problems, edit } = useStore(store);
  if (draft === null) return null;
  const listed = [...new Set([...tiers.map(({ tierId }) => tierId), ...Object.keys(draft.factors)])];
  if (listed.length === 0) return <p className={layout['soft']}>{t('programmes.noTiers')}</p>;
  const nameOf = (tierId: string): string => {
    const tier = tiers.find((each) => each.tierId === tierId);
    return tier === undefined ? tierId : named(tier.name, tier.nameZh);
  };
  return (
    <div className={styles['pair']}>
      {listed.map((tierId) => (
        <Field
          key={tierId}
          label={t('programmes.factor', { tier: nameOf(tierId) })}
          value={draft.factors[tierId] ?? ''}
          onChange={(text) => edit({ factors: { ...draft.factors, [tierId]: text } })}
          inputMode="numeric"
          placeholder="100"
          error={problems.factors === true ? t('programmes.factorProblem') : ''}
          maxLength={4}
        />
      ))}
    </div>
  );
}
