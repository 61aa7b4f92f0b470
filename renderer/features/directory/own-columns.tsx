import { useState, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { DirectorySetup } from '../../../electron/contract/directory.ts';
import { type Attribute, BUILT_IN_ATTRIBUTES } from '../../../sync/model/attributes.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { Tick } from '../../ui/tick.tsx';
import styles from './directory.module.css';
import {
  isWhole,
  NEW_COLUMN,
  type ColumnDraft,
  type ColumnOwner,
  type OwnColumnStore,
} from './own-column-store.ts';

const TYPES = ['text', 'number', 'day', 'yes-no', 'choice'] as const satisfies ColumnDraft['type'][];
const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_ATTRIBUTES.map(({ attributeId }) => attributeId));

export type OwnColumnsProps = Readonly<{ columns: OwnColumnStore; setup: DirectorySetup }>;

const OWNERS = ['member', 'card'] as const satisfies ColumnOwner[];

/** What this chain wants to know of members beyond the profile (F23, F24), and of cards (F40): a manager adds it. */
export function OwnColumns({ columns, setup }: OwnColumnsProps) {
  const words = useWords();
  const { t } = words;
  const { failure, of, turnTo } = useStore(columns);
  const all = of === 'card' ? setup.ofCards : [...setup.attributes, ...setup.retired];
  const own = all.filter(({ attributeId, isRetired }) => !isRetired && !BUILT_IN.has(attributeId));
  return (
    <section className={styles['saved']} aria-label={t('ownColumn.title')} data-testid="own-columns">
      <h2>{t('ownColumn.title')}</h2>
      <Choices
        label={t('ownColumn.of')}
        value={of}
        options={OWNERS.map((value) => ({ value, label: t(`ownColumn.${value}`) }))}
        onChange={turnTo}
      />
      {of === 'card' && <p className={styles['soft']}>{t('ownColumn.cardLead')}</p>}
      {of === 'card' && all.length === 0 && <p>{t('ownColumn.noneOfCards')}</p>}
      {own.map((attribute) => (
        <OwnColumn key={attribute.attributeId} {...{ columns, attribute }} />
      ))}
      {all
        .filter(({ isRetired }) => isRetired)
        .map((attribute) => (
          <RetiredColumn key={attribute.attributeId} {...{ columns, attribute }} />
        ))}
      <NewColumn columns={columns} />
      {failure !== null && <FailureNotice words={words.failure(failure)} />}
    </section>
  );
}

type ColumnProps = Pick<OwnColumnsProps, 'columns'> & Readonly<{ attribute: Attribute }>;

function OwnColumn({ columns, attribute }: ColumnProps) {
  const { t, named } = useWords();
  const { isBusy, askingId, ask, retire } = useStore(columns);
  const name = named(attribute.name, attribute.nameZh);
  return (
    <>
      <p className={styles['own']} data-testid="own-column">
        <span>
          {name}{' '}
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
          label={t('ownColumn.retire', { name })}
          isDisabled={isBusy}
          onPress={() => ask(attribute.attributeId)}
        >
          {t('ownColumn.retireShort')}
        </Button>
      </p>
      {askingId === attribute.attributeId && (
        <Notice
          tone="plain"
          icon="warn"
          title={t('ownColumn.retireAsk', { name })}
          detail={t(attribute.of === 'card' ? 'ownColumn.retireDetailCard' : 'ownColumn.retireDetail')}
          testId="own-column-asking"
        >
          <Button onPress={() => ask(null)}>{t('ownColumn.keep')}</Button>
          <Button
            look="danger"
            isDisabled={isBusy}
            onPress={() => void retire(attribute)}
            testId="own-column-retire"
          >
            {t('ownColumn.retireYes')}
          </Button>
        </Notice>
      )}
    </>
  );
}

function RetiredColumn({ columns, attribute }: ColumnProps) {
  const { t, named } = useWords();
  const { isBusy, takeBack } = useStore(columns);
  const name = named(attribute.name, attribute.nameZh);
  return (
    <p className={styles['own']} data-testid="retired-column">
      <span>
        {name} <span className={styles['soft']}>{t('ownColumn.retired')}</span>
      </span>
      <Button
        look="quiet"
        label={t('ownColumn.takeBack', { name })}
        isDisabled={isBusy}
        onPress={() => void takeBack(attribute)}
      >
        {t('ownColumn.takeBackShort')}
      </Button>
    </p>
  );
}

function NewColumn({ columns }: Pick<OwnColumnsProps, 'columns'>) {
  const { t } = useWords();
  const { isBusy, of, add } = useStore(columns);
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
      {of === 'member' && (
        <Tick isOn={draft.isAtEnrolment} onChange={(isAtEnrolment) => change({ isAtEnrolment })}>
          {t('ownColumn.atEnrolment')}
        </Tick>
      )}
      <Tick
        isOn={draft.isSensitive}
        onChange={(isSensitive) => change({ isSensitive })}
        hint={t(of === 'card' ? 'ownColumn.sensitiveHintCard' : 'ownColumn.sensitiveHint')}
      >
        {t('ownColumn.sensitive')}
      </Tick>
      <button type="submit" className={styles['submit']} disabled={isBusy || !isWhole(draft)}>
        {t('ownColumn.add')}
      </button>
    </form>
  );
}
