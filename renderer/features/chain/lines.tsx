import type { ReactNode } from 'react';
import { Button as Line } from 'react-aria-components/Button';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import { Pill } from '../../ui/pill.tsx';

export interface LineWords {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  /** Left or closed: it stands back. */
  readonly ended: string;
  readonly unsent: string;
}
export type LinesProps = Readonly<{
  label: string;
  lines: readonly LineWords[];
  chosenId: string | undefined;
  onChoose: (id: string) => void;
  testId: string;
  children: ReactNode;
}>;

/** People or shops, one line each. */
export function Lines({ label, lines, chosenId, onChoose, testId, children }: LinesProps) {
  return (
    <nav className={join(layout['stack'], layout['list'])} aria-label={label}>
      {children}
      <ul>
        {lines.map(({ id, title, detail, ended, unsent }) => (
          <li key={id}>
            <Line
              className={join(layout['line'], chosenId === id && layout['chosen'])}
              onPress={() => onChoose(id)}
              aria-current={chosenId === id}
              data-testid={testId}
              data-id={id}
            >
              <span className={layout['lineTitle']}>{title}</span>
              <span className={layout['soft']}>{detail}</span>
              {ended !== '' && <Pill tone="plain">{ended}</Pill>}
              {unsent !== '' && <Pill tone="wait">{unsent}</Pill>}
            </Line>
          </li>
        ))}
      </ul>
    </nav>
  );
}
