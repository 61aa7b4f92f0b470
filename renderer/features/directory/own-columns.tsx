import { useState, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { DirectorySetup } from '../../../electron/contract/directory.ts';
import { BUILT_IN_ATTRIBUTES } from '../../../sync/model/attributes.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { Tick } from '../../ui/tick.tsx';
import styles from './directory.module.css';
import { isWhole, NEW_COLUMN, type ColumnDraft, type OwnColumnStore } from './own-column-store.ts';

const TYPES = ['text', 'number', 'day', 'yes-no', 'choice'] as const satisfies ColumnDraft['type'][];
const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_ATTRIBUTES.map(({ attributeId }) => attributeId));

export type OwnColumnsProps = Readonly<{ columns: OwnColumnStore; setup: DirectorySetup }>;

/** What this chain wants to know of its members beyond the profile (F23, F24): a manager adds it here. */
export function OwnColumns({ columns, setup }: OwnColumnsProps) {
  const words = useWords();
  const { t, named } = words;
  const { isBusy, failure, retire } = useStore(columns);
  const own = setup.attributes.filter(({ attributeId }) => !BUILT_IN.has(attributeId));
  return (
    <section className={styles['saved']} aria-label={t('ownColumn.title')} data-testid="own-columns">
      <h2>{t('ownColumn.title')}</h2>
      {own.map((attribute) => (
        <p key={attribute.attributeId} className={styles['own']} data-testid="own-column">
          <span>
            {named(attribute.name, attribute.nameZh)}{' '}
            <span className={styles['soft']}>
              {[
                t(`ownColumn.type.${attribute.type}`),
                attribute.choices.join(', '),
                attribute.isSensitive ? t('ownColumn.sensitive') : '',
                attribute.isAtEnrolment ? t('ownColumn.atEnrolment') : '',
              ]
                .filter((part) => part !== '')
                .join(' · ')}
            </span>
          </span>
          <Button
            look="quiet"
            label={t('ownColumn.retire', { name: attribute.name })}
            isDisabled={isBusy}
            onPress={() => void retire(attribute)}
          >
            {t('ownColumn.retireShort')}
          </Button>
        </p>
      ))}
      <NewColumn columns={columns} />
      {failure !== null && <FailureNotice words={words.failure(failure)} />}
    </section>
  );
}

function NewColumn({ columns }: Pick<OwnColumnsProps, 'columns'>) {
  const { t } = useWords();
  const { isBusy, add } = useStore(columns);
  const [draft, setDraft] = useState(NEW_COLUMN);
  const change = (next: Partial<ColumnDraft>): void => setDraft({ ...draft, ...next });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isWhole(draft)) void add(draft).then((isSaved) => isSaved && setDraft(NEW_COLUMN));
  };
  return (
    <form className={styles['newColumn']} onSubmit={submit} noValidate>
      <Field
        label={t('ownColumn.name')}
        value={draft.name}
        onChange={(name) => change({ name })}
        maxLength={60}
        name="own-column.name"
      />
      <Field
        label={t('ownColumn.nameZh')}
        value={draft.nameZh}
        onChange={(nameZh) => change({ nameZh })}
        maxLength={60}
        name="own-column.nameZh"
      />
      <Select
        label={t('ownColumn.typeLabel')}
        value={draft.type}
        onChange={(type) => change({ type: TYPES.find((each) => each === type) ?? 'text' })}
        options={TYPES.map((type) => ({ value: type, label: t(`ownColumn.type.${type}`) }))}
        name="own-column.type"
      />
      {draft.type === 'choice' && (
        <TextArea
          label={t('ownColumn.choices')}
          value={draft.choices}
          onChange={(choices) => change({ choices })}
          rows={4}
          maxLength={4_000}
          name="own-column.choices"
        />
      )}
      <Tick isOn={draft.isAtEnrolment} onChange={(isAtEnrolment) => change({ isAtEnrolment })}>
        {t('ownColumn.atEnrolment')}
      </Tick>
      <Tick
        isOn={draft.isSensitive}
        onChange={(isSensitive) => change({ isSensitive })}
        hint={t('ownColumn.sensitiveHint')}
      >
        {t('ownColumn.sensitive')}
      </Tick>
      <button type="submit" className={styles['submit']} disabled={isBusy || !isWhole(draft)}>
        {t('ownColumn.add')}
      </button>
    </form>
  );
}
