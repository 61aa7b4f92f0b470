import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useKeys } from '../../lib/keyboard.tsx';
import { hasLostFocus } from '../../lib/lost-focus.ts';
import { useWords } from '../../lib/words.ts';
import { ExportReason, hasReason } from '../../parts/export-reason.tsx';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import styles from './aside.module.css';
import type { HistoryDraft } from './history-file.ts';

export type HistoryWhyProps = Readonly<{
  draft: HistoryDraft;
  isBusy: boolean;
  isHidden: boolean;
  onSay: (change: Partial<Pick<HistoryDraft, 'purpose' | 'reason'>>) => void;
  onBegin: () => void;
  onClose: () => void;
}>;

/** Why a history goes out as a file; Enter makes it, Esc leaves it. */
export function HistoryWhy(props: HistoryWhyProps) {
  const { draft, isBusy, isHidden, onSay, onBegin, onClose } = props;
  const { t } = useWords();
  const { purpose, reason } = draft;
  const [isMissing, setMissing] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // The button that began it was off meanwhile: after a refusal the words are at hand again.
    if (!isBusy && hasLostFocus())
      form.current?.querySelector<HTMLElement>('input[name="export-reason"]')?.focus();
  }, [isBusy]);
  useKeys('panel', isHidden ? {} : { Escape: { label: t('keys.back'), act: onClose } });
  const begin = (event?: SubmitEvent): void => {
    event?.preventDefault();
    if (hasReason(reason)) onBegin();
    else setMissing(true);
  };
  return (
    <form
      ref={form}
      className={styles['rows']}
      onSubmit={begin}
      noValidate
      aria-label={t('exports.reason')}
      data-testid="export-why"
    >
      {draft.scope.kind === 'cardType' && (
        <>
          <Choices
            label={t('directory.purpose.label')}
            value={purpose}
            onChange={(value) => onSay({ purpose: value })}
            options={[
              { value: 'administration', label: t('directory.purpose.administration') },
              { value: 'marketing', label: t('directory.purpose.marketing') },
            ]}
          />
          <p className={styles['why']}>{t(`directory.purposeHint.${purpose}`)}</p>
        </>
      )}
      <ExportReason
        value={reason}
        onChange={(value) => onSay({ reason: value })}
        {...{ isMissing, isBusy }}
        isFirst
      />
      <div className={styles['buttons']}>
        <Button
          look="primary"
          hotkey="Enter"
          onPress={() => begin()}
          isDisabled={isBusy}
          testId="export-begin"
        >
          {t('directory.exportBegin')}
        </Button>
        <Button hotkey="Esc" onPress={onClose} isDisabled={isBusy}>
          {t('keys.cancel')}
        </Button>
      </div>
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}
