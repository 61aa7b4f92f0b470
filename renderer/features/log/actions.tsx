import { useStore } from 'zustand';
import type { LogEntry, LogView } from '../../../electron/contract/log.ts';
import { addDays } from '../../../sync/base/business-day.ts';
import { OP_KINDS, opName } from '../../lib/op-name.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { Decisions } from './decisions.tsx';
import type { LogStore } from './log-store.ts';
import styles from './log.module.css';

type PartProps = Readonly<{ store: LogStore; isManager: boolean }>;

/** A business day, action by action. */
export function Actions({ store, isManager }: PartProps) {
  const { t, formats } = useWords();
  const { view, more } = useStore(store);
  if (view === null) return null;
  const { line, businessDay, entries, after, decisions, hasMoreDecisions } = view;
  return (
    <>
      <Filter {...{ store, isManager, view }} />
      {line === 'down' && (
        <Notice tone="wait" title={t('log.down')} detail={t('log.downNext')} testId="log-down" />
      )}
      <section className={layout['sheet']} aria-label={t('log.tab.actions')}>
        <h2 className={layout['what']}>{formats.day(businessDay)}</h2>
        {entries.length === 0 ? (
          <p className={layout['soft']}>{t('log.nothing')}</p>
        ) : (
          <Entries entries={entries} />
        )}
        {after !== null && (
          <Button onPress={() => void more()} testId="log-more">
            {t('log.more')}
          </Button>
        )}
      </section>
      {decisions.length > 0 && <Decisions {...{ decisions, hasMoreDecisions }} />}
    </>
  );
}

function Filter({ store, isManager, view }: PartProps & Readonly<{ view: LogView }>) {
  const words = useWords();
  const { t, named } = words;
  const { filter, narrow } = useStore(store);
  const { businessDay, today, people, stores } = view;
  const everyone = { value: '', label: t('log.everybody') };
  const every = { value: '', label: t('log.everyKind') };
  const kinds = OP_KINDS.map((kind) => ({ value: kind, label: opName(words, kind) }));
  return (
    <div className={styles['filter']} data-screen-only>
      {stores.length > 0 && (
        <Select
          {...{ label: t('shopDay.shop'), value: filter.storeId, name: 'log-shop' }}
          options={[
            { value: '', label: t('log.everyShop') },
            ...stores.map(({ storeId, name, nameZh }) => ({ value: storeId, label: named(name, nameZh) })),
          ]}
          onChange={(storeId) => void narrow({ storeId })}
        />
      )}
      <Select
        {...{ label: t('log.person'), value: filter.person, name: 'log-person' }}
        options={[everyone, ...people.map(({ staffId, name }) => ({ value: staffId, label: name }))]}
        onChange={(person) => void narrow({ person })}
      />
      <Select
        {...{ label: t('log.kind'), value: filter.kind, name: 'log-kind' }}
        options={[every, ...kinds]}
        onChange={(kind) => void narrow({ kind })}
      />
      {isManager && (
        <>
          <Button onPress={() => void narrow({ businessDay: addDays(businessDay, -1) })} testId="log-before">
            {t('shopDay.before')}
          </Button>
          <Button
            onPress={() => void narrow({ businessDay: addDays(businessDay, 1) })}
            isDisabled={businessDay >= today}
            testId="log-after"
          >
            {t('shopDay.after')}
          </Button>
        </>
      )}
    </div>
  );
}

function Entries({ entries }: Readonly<{ entries: readonly LogEntry[] }>) {
  const words = useWords();
  const { t, formats } = words;
  const about = ({ memberId, memberName }: LogEntry): string => {
    if (memberId === null) return t('log.chain');
    return memberName === '' ? t('log.nobodyKnown', { id: memberId.slice(-6) }) : memberName;
  };
  const state = ({ held, isPending }: LogEntry): string => {
    if (held !== null) return t('log.held', { why: t(`held.${held}`) });
    return isPending ? t('log.pending') : '';
  };
  const heads = ['time', 'person', 'kind', 'member', 'till', 'state'] as const;
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {t(`log.${head}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.opId} data-testid="log-entry" data-kind={entry.kind}>
            <td>{formats.time(entry.atMs)}</td>
            <td>{entry.actorName}</td>
            <td>{opName(words, entry.kind)}</td>
            <td>{about(entry)}</td>
            <td>{entry.tillName === '' ? t('shopDay.centre') : entry.tillName}</td>
            <td>{state(entry)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
