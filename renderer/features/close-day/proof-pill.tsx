import type { CloseView, ProofState } from '../../../electron/contract/closes.ts';
import { useWords } from '../../lib/words.ts';
import { Pill, type PillProps } from '../../ui/pill.tsx';

const TONES: Readonly<Record<ProofState, PillProps['tone']>> = {
  open: 'plain',
  pending: 'wait',
  equal: 'done',
  differs: 'refuse',
};

export type ProofPillProps = Readonly<{
  state: ProofState;
  checkedAtMs?: CloseView['proof']['checkedAtMs'];
  testId?: string;
}>;

/** State of the proof in a word or two; with the time where there is one. */
export function ProofPill({ state, checkedAtMs = null, testId }: ProofPillProps) {
  const { t, formats } = useWords();
  const time = checkedAtMs === null ? '' : formats.time(checkedAtMs);
  return (
    <Pill tone={TONES[state]} {...(testId === undefined ? {} : { testId })}>
      {state === 'equal' && time !== '' ? t('close.state.equalAt', { time }) : t(`close.state.${state}`)}
    </Pill>
  );
}
