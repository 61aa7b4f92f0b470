import { useState } from 'react';
import { useStore } from 'zustand';
import type { ImportRun } from '../../../electron/contract/imports.ts';
import { saveFile } from '../../lib/host.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import layout from '../../ui/list-and-detail.module.css';
import styles from './imports.module.css';
import type { Action } from './imports-state.ts';
import type { ImportsStore } from './imports-store.ts';
import { Progress } from './progress.tsx';
import { RowTable } from './row-table.tsx';
import { isAtWork } from './steps.ts';

const ACTIONS: readonly Action[] = ['create', 'update', 'skip', 'invalid'];

/** What becomes, or became, of the rows. */
export function RunStep({
  store,
  onOpenMember,
}: Readonly<{ store: ImportsStore; onOpenMember: (memberId: string) => void }>) {
  const { t } = useWords();
  const run = useStore(store, (state) => state.run);
  if (run === null) return null;
  return (
    <section
      className={layout['sheet']}
      aria-label={t('imports.step.rehearse')}
      data-state={run.state}
      data-testid="import-run"
    >
      <h2 className={styles['subtitle']}>{run.fileName}</h2>
      <Verdict run={run} />
      <Tiles store={store} run={run} />
      <Deeds store={store} run={run} />
      {!isAtWork(run) && run.counts.rows > 0 && <RowTable store={store} onOpenMember={onOpenMember} />}
    </section>
  );
}

const TONES = {
  checked: 'plain',
  done: 'done',
  undone: 'done',
  waiting: 'wait',
  stopped: 'warn',
  cancelled: 'plain',
} as const;
type Still = keyof typeof TONES;

function Verdict({ run }: Readonly<{ run: ImportRun }>) {
  const { t, formats } = useWords();
  const { state, counts, progress } = run;
  if (isAtWork(run)) {
    const count = state === 'checking' ? counts.rows : counts.done;
    return (
      <>
        <Progress label={t(`imports.state.${state}`)} value={progress} />
        <p className={styles['figure']}>{t('imports.rowsSoFar', { text: formats.number(count) })}</p>
      </>
    );
  }
  // Cast: this is drawn only of a run that was checked, and the states of one at work are above.
  const still = state as Still;
  return (
    <Notice
      tone={TONES[still]}
      icon={state === 'checked' ? 'import' : 'check'}
      title={t(`imports.state.${still}`)}
      detail={t(`imports.stateDetail.${still}`, { kept: counts.kept, waiting: counts.waiting })}
      testId="import-state"
    />
  );
}

/** How many rows of each kind; a press shows only those. */
function Tiles({ store, run }: Readonly<{ store: ImportsStore; run: ImportRun }>) {
  const { t, formats } = useWords();
  const { shown, filter } = useStore(store);
  return (
    <div className={styles['tiles']} role="group" aria-label={t('imports.counts')}>
      {ACTIONS.map((action) => (
        <button
          key={action}
          type="button"
          className={styles['tile']}
          aria-pressed={shown === action}
          data-testid={`import-count-${action}`}
          data-value={run.counts[action]}
          onClick={() => void filter(shown === action ? null : action)}
        >
          <span className={styles['big']}>{formats.number(run.counts[action])}</span>
          <span>{t(`imports.action.${action}`)}</span>
        </button>
      ))}
    </div>
  );
}

function Deeds({ store, run }: Readonly<{ store: ImportsStore; run: ImportRun }>) {
  const { t } = useWords();
  const { act, failedRows } = useStore(store);
  const [isAsking, setAsking] = useState(false);
  const save = async (): Promise<void> => {
    const text = await failedRows();
    if (text !== null)
      saveFile({ name: `failed-${run.fileName.replace(/\.\w+$/, '')}.csv`, type: 'text/csv', parts: [text] });
  };
  const mayStart =
    ['checked', 'waiting', 'stopped'].includes(run.state) && run.counts.valid > run.counts.skip;
  if (isAsking) {
    return (
      <Notice tone="warn" icon="warn" title={t('imports.askUndo')} detail={t('imports.askUndoDetail')}>
        <Button onPress={() => setAsking(false)}>{t('imports.notYet')}</Button>
        <Button
          look="danger"
          onPress={() => {
            setAsking(false);
            void act('imports.undo');
          }}
          testId="import-undo-yes"
        >
          {t('imports.undo')}
        </Button>
      </Notice>
    );
  }
  return (
    <div className={layout['deeds']}>
      {mayStart && (
        <Button look="primary" onPress={() => void act('imports.start')} testId="import-start">
          {run.state === 'checked' ? t('imports.start') : t('imports.goOn')}
        </Button>
      )}
      {(isAtWork(run) || run.state === 'checked') && (
        <Button onPress={() => void act('imports.cancel')} testId="import-cancel">
          {isAtWork(run) && run.state !== 'checking' ? t('imports.stop') : t('imports.cancel')}
        </Button>
      )}
      {run.counts.invalid > 0 && !isAtWork(run) && (
        <Button onPress={() => void save()} testId="import-failed">
          {t('imports.failedRows')}
        </Button>
      )}
      {run.isUndoable && (
        <Button look="danger" onPress={() => setAsking(true)} testId="import-undo">
          {t('imports.undo')}
        </Button>
      )}
    </div>
  );
}
