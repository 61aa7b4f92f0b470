import { useKeys } from '../../lib/keyboard.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useDelay } from '../../lib/use-delay.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { MemberView } from '../../../electron/contract/views.ts';
import type { Act } from './member-state.ts';

const SECOND_MS = 1000;
/** A press is answered sooner on almost every disk. */
const SILENT_MS = 150;

export type OutcomeProps = Readonly<{
  act: Act;
  member: MemberView;
  onUndo: (opId: MemberView['history'][number]['opId']) => void;
  onRetry: () => void;
}>;

/** What became of the last press: saved here, with ten seconds to take it back, or why not. */
export function Outcome({ act, member, onUndo, onRetry }: OutcomeProps) {
  const { t, failure } = useWords();
  if (act.status === 'idle') return null;
  if (act.status === 'busy') return <Saving />;
  if (act.status === 'failed') {
    const mayTryAgain = act.failure.code === 'core_restarted' || act.failure.code === 'disk_failed';
    return (
      <FailureNotice words={failure(act.failure)}>
        {mayTryAgain && <Button onPress={onRetry}>{t('act.again')}</Button>}
      </FailureNotice>
    );
  }
  return <Done act={act} member={member} onUndo={onUndo} />;
}

/** A disk that takes its time: the press was heard, and is not safe yet. */
function Saving() {
  const { t } = useWords();
  return useDelay(SILENT_MS) ? <Notice tone="wait" title={t('act.saving')} testId="saving" /> : null;
}

type DoneProps = Pick<OutcomeProps, 'member' | 'onUndo'> &
  Readonly<{ act: Extract<Act, { status: 'done' }> }>;

function Done({ act, member, onUndo }: DoneProps) {
  const { t, units, cardName } = useWords();
  const nowMs = useNow(SECOND_MS / 4);
  const entry = member.history.find(({ opId }) => opId === act.opId);
  const secondsLeft = Math.ceil((act.undoUntilMs - nowMs) / SECOND_MS);
  const canUndo = entry?.canUndo === true && secondsLeft > 0;
  const undo = (): void => onUndo(act.opId);
  useKeys('screen', canUndo ? { 'Ctrl+Z': { label: t('act.undo'), act: undo } } : {});
  const did = t(`did.${act.intent.call.method}`);
  const moved =
    entry && entry.delta !== 0 ? `${units(entry.delta, entry.unit, true)} · ${cardName(entry)}` : '';
  const { method } = act.intent.call;
  // Its entry is the counter-entry alone, as if everything had been taken away.
  const isEdit = method === 'purchases.edit';
  // A balance that moved speaks for itself; taking something back is said as what it is.
  const what = moved === '' || isEdit ? did : method === 'entries.undo' ? `${did}: ${moved}` : moved;
  return (
    <Notice
      tone="done"
      testId="outcome"
      title={what}
      detail={t(entry?.sync === 'synced' ? 'sync.synced' : 'act.savedHere')}
    >
      {canUndo && (
        <Button onPress={undo} keepsFocus testId="undo" hotkey="Ctrl+Z">
          {t('act.undoIn', { seconds: secondsLeft })}
        </Button>
      )}
    </Notice>
  );
}
