import { useStore } from 'zustand';
import type { CardKind } from '../../../sync/model/chain.ts';
import type { ImportEncoding } from '../../../electron/contract/imports.ts';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ColumnTable } from './column-table.tsx';
import layout from '../../ui/list-and-detail.module.css';
import styles from './imports.module.css';
import type { ImportsStore } from './imports-store.ts';
import { Select } from '../../ui/select.tsx';

const ENCODINGS: readonly ImportEncoding[] = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'gb18030'];
const DELIMITERS = [',', ';', '\t', '|'];

/** What each header means, and how the rows are to be taken. */
export function MapStep({ store, till }: Readonly<{ store: ImportsStore; till: TillView }>) {
  const { t } = useWords();
  const { run, settings, set, check, act } = useStore(store);
  if (run === null || settings === null) return null;
  const isOpen = (at: number): boolean =>
    run.columns[at]?.isUnknown === true && settings.columns[at] === null && !settings.ignored.includes(at);
  const open = run.columns.filter((_, at) => isOpen(at)).length;
  return (
    <section className={layout['sheet']} aria-label={t('imports.step.map')}>
      <h2 className={styles['subtitle']}>{run.fileName}</h2>
      <Choices
        label={t('imports.mode')}
        value={settings.mode}
        options={[
          { value: 'create-and-update', label: t('imports.modes.both') },
          { value: 'update', label: t('imports.modes.update') },
        ]}
        onChange={(mode) => set({ mode })}
      />
      <p className={styles['soft']}>
        {t(`imports.modeLead.${settings.mode === 'update' ? 'update' : 'both'}`)}
      </p>
      <div className={styles['fields']}>
        <CardTypes store={store} till={till} />
        <Reading store={store} />
      </div>
      {open > 0 && (
        <Notice
          tone="warn"
          title={t('imports.unknown', { count: open })}
          detail={t('imports.unknownDetail')}
        />
      )}
      <ColumnTable store={store} />
      <div className={layout['deeds']}>
        <Button look="primary" isDisabled={open > 0} onPress={() => void check()} testId="import-check">
          {t('imports.check')}
        </Button>
        <Button onPress={() => void act('imports.cancel')} testId="import-cancel">
          {t('imports.cancel')}
        </Button>
      </div>
    </section>
  );
}

/** Which card opening balances come with. */
function CardTypes({ store, till }: Readonly<{ store: ImportsStore; till: TillView }>) {
  const { t, named } = useWords();
  const { settings, set } = useStore(store);
  if (settings === null) return null;
  const optionsOf = (kind: CardKind) => [
    { value: '', label: t('imports.noCard') },
    ...till.cardTypes
      .filter((type) => type.kind === kind && !type.isRetired)
      .map(({ cardTypeId, name, nameZh }) => ({ value: cardTypeId as string, label: named(name, nameZh) })),
  ];
  return (
    <>
      <Select
        label={t('imports.pointsCard')}
        value={settings.pointsCardTypeId ?? ''}
        options={optionsOf('points')}
        onChange={(id) => set({ pointsCardTypeId: id === '' ? null : id })}
      />
      <Select
        label={t('imports.creditCard')}
        value={settings.creditCardTypeId ?? ''}
        options={optionsOf('credit')}
        onChange={(id) => set({ creditCardTypeId: id === '' ? null : id })}
      />
    </>
  );
}

/** Of a text file: what was found out about its signs, which somebody may know better. */
function Reading({ store }: Readonly<{ store: ImportsStore }>) {
  const { t } = useWords();
  const { run, reread } = useStore(store);
  if (run?.format !== 'csv') return null;
  const { encoding, delimiter } = run;
  return (
    <>
      <Select
        label={t('imports.encoding')}
        value={encoding ?? 'utf-8'}
        options={ENCODINGS.map((value) => ({ value, label: value.toUpperCase() }))}
        onChange={(value) => void reread({ encoding: value as ImportEncoding, delimiter })}
      />
      <Select
        label={t('imports.delimiter')}
        value={delimiter ?? ','}
        options={DELIMITERS.map((value) => ({ value, label: value === '\t' ? t('imports.tab') : value }))}
        onChange={(value) => void reread({ encoding, delimiter: value })}
      />
    </>
  );
}
