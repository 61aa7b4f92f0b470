import { useEffect, useState, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { ExportReason, hasReason } from '../../parts/export-reason.tsx';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Tick } from '../../ui/tick.tsx';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';
import { ExportLog } from './export-log.tsx';
import type { ExportLogStore } from './export-log-store.ts';
import own from './export-panel.module.css';
import type { ExportStore } from './export-store.ts';

export type ExportPanelProps = Readonly<{
  store: DirectoryStore;
  exporting: ExportStore;
  log: ExportLogStore;
  onClose: () => void;
}>;

/** A file of those marked, or of the whole list as it is filtered now; what it is for decides who is in it. */
export function ExportPanel({ store, exporting, log, onClose }: ExportPanelProps) {
  const words = useWords();
  const { t, formats } = words;
  const { selected, choice, total, within } = useStore(store);
  const { exporting: now, draft, begin, cancel, open, close, say } = useStore(exporting);
  const { purpose, reason, hasBom } = draft;
  // Unless she chooses, rows that are marked while it is open do not make another file of it.
  const [first] = useState<'marked' | 'all'>(selected.size > 0 ? 'marked' : 'all');
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    open();
    return close;
  }, [open, close]);
  const isBusy = now.status === 'busy';
  useEffect(() => {
    // Its beginning is told, and its end.
    if (!isBusy) void log.getState().read();
  }, [log, isBusy]);
  const isMarked = (draft.whom ?? first) === 'marked' && selected.size > 0;
  const press = (event?: SubmitEvent): void => {
    event?.preventDefault();
    if (isBusy) return;
    setMissing(!hasReason(reason));
    if (!hasReason(reason)) return;
    const memberIds = isMarked ? [...selected] : null;
    void begin({ ...{ choice, purpose, reason, hasBom, memberIds }, within: within?.choice ?? null });
  };
  return (
    <section
      className={styles['panel']}
      aria-label={t('directory.export')}
      data-testid="export-panel"
      data-status={now.status}
    >
      <form className={own['form']} onSubmit={press} noValidate aria-label={t('exports.reason')}>
        <div className={styles['exportChoices']}>
          <Choices
            label={t('directory.exportWhom')}
            value={isMarked ? 'marked' : 'all'}
            onChange={(whom) => say({ whom })}
            options={[
              {
                value: 'all',
                label: t('directory.exportAll', { count: total, text: formats.number(total) }),
              },
              ...(selected.size > 0
                ? [
                    {
                      value: 'marked' as const,
                      label: t('directory.exportMarked', {
                        count: selected.size,
                        text: formats.number(selected.size),
                      }),
                    },
                  ]
                : []),
            ]}
          />
          <Choices
            label={t('directory.purpose.label')}
            value={purpose}
            onChange={(value) => say({ purpose: value })}
            options={[
              { value: 'administration', label: t('directory.purpose.administration') },
              { value: 'marketing', label: t('directory.purpose.marketing') },
            ]}
          />
        </div>
        <p className={styles['soft']}>{t(`directory.purposeHint.${purpose}`)}</p>
        <div className={own['why']}>
          <ExportReason
            value={reason}
            onChange={(value) => say({ reason: value })}
            {...{ isMissing, isBusy }}
          />
          <Tick isOn={hasBom} onChange={(isOn) => say({ hasBom: isOn })} hint={t('directory.bomHint')}>
            {t('directory.bom')}
          </Tick>
        </div>
        {now.status === 'failed' && <FailureNotice words={words.failure(now.failure)} />}
        {(now.status === 'busy' || now.status === 'done') && (
          <div className={styles['progress']} role="status" data-testid="export-progress">
            <progress max={Math.max(1, now.rows)} value={now.rowsRead} aria-label={t('directory.export')} />
            <span>
              {t(now.status === 'done' ? 'directory.exported' : 'directory.exporting', {
                done: formats.number(now.rowsRead),
                all: formats.number(now.rows),
              })}
            </span>
          </div>
        )}
        {now.status === 'cancelled' && <p role="status">{t('directory.exportCancelled')}</p>}
        <div className={styles['deeds']}>
          {now.status === 'busy' ? (
            <Button look="danger" onPress={cancel} testId="export-cancel">
              {t('keys.cancel')}
            </Button>
          ) : (
            <Button look="primary" hotkey="Enter" onPress={() => press()} testId="export-begin">
              {t('directory.exportBegin')}
            </Button>
          )}
          <Button hotkey="Esc" onPress={onClose}>
            {t('directory.done')}
          </Button>
        </div>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
      <ExportLog store={log} />
    </section>
  );
}
