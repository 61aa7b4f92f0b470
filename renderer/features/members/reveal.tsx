import { useState } from 'react';
import { RevealReason } from '../../../electron/contract/members.ts';
import type { MemberView } from '../../../electron/contract/views.ts';
import type { Failure } from '../../lib/failure.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Menu } from '../../ui/menu.tsx';
import { isSupervisor, type Role } from './may.ts';

export type RevealProps = Readonly<{
  member: MemberView;
  role: Role;
  /** Null where she is shown whole now. */
  onReveal: (reason: RevealReason) => Promise<Failure | null>;
}>;

/** What is masked, whole: for a supervisor who says why. */
export function Reveal({ member, role, onReveal }: RevealProps) {
  const { t, failure: inWords } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  if (!isSupervisor(role) || Object.keys(member.masked).length === 0) return null;
  const entries = RevealReason.options.map((reason) => ({
    id: reason,
    label: t(`reveal.${reason}`),
    act: () => void onReveal(reason).then(setFailure),
  }));
  return (
    <>
      <Menu label={t('reveal.button')} entries={entries} isOpen={isOpen} onOpenChange={setIsOpen}>
        <Button onPress={() => setIsOpen(true)} keepsFocus testId="reveal">
          {t('reveal.button')}
        </Button>
      </Menu>
      {failure !== null && <FailureNotice words={inWords(failure)} />}
    </>
  );
}
