import type { TillView } from '../../../electron/contract/till.ts';
import { SecondPersonFields } from '../../parts/second-person.tsx';
import { isManager, type Role } from './may.ts';
import type { Panel, PanelText } from './panel.ts';

type PanelSecondProps = Readonly<{
  panel: Panel;
  till: TillView;
  role: Role;
  error: string;
  onType: (field: PanelText, text: string) => void;
}>;

/** The second person of a form that takes one, always or since the core refused it of one alone. */
export function PanelSecond({ panel, till, role, error, onType }: PanelSecondProps) {
  const isErasure = panel.kind === 'anonymise';
  if (!isErasure && !(panel.maySecond && isManager(role))) return null;
  return (
    <SecondPersonFields
      people={till.people}
      ownStaffId={till.session?.person.staffId}
      least={isErasure ? 'supervisor' : 'manager'}
      login={panel.secondLogin}
      pin={panel.secondPin}
      onLogin={(login) => onType('secondLogin', login)}
      onPin={(pin) => onType('secondPin', pin)}
      error={error}
    />
  );
}
