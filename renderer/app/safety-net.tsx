import { Component, type ReactNode } from 'react';
import { failureOf, type Failure } from '../lib/failure.ts';
import { Refused } from '../features/start/refused.tsx';

type Props = Readonly<{ children: ReactNode }>;

/** A page that can not be drawn says so instead of going blank. What was confirmed is in the core, not here. */
export class SafetyNet extends Component<Props, { failure: Failure | null }> {
  override readonly state: { failure: Failure | null } = { failure: null };

  static getDerivedStateFromError(cause: unknown): { failure: Failure } {
    return { failure: failureOf(cause) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === null ? this.props.children : <Refused failure={failure} />;
  }
}
