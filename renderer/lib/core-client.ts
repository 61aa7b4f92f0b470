import { AppError } from '../../electron/contract/errors.ts';
import { events, type EventName, type EventOf } from '../../electron/contract/events.ts';
import { contract, type CoreClient, type MethodName } from '../../electron/contract/index.ts';
import { ToPage, type CoreState, type Port, type Unsubscribe } from '../../electron/contract/port.ts';
import { toErrorCode, type Failure } from './failure.ts';
import { createOpenCalls } from './open-calls.ts';

/** The port as the preload hands it over: it lives as long as the page. */
export type PagePort = Pick<Port, 'post' | 'onMessage'>;

export type CoreLife =
  | { readonly status: 'connecting' | 'ready' | 'restarting' }
  | { readonly status: 'failed'; readonly message: string }
  | ({ readonly status: 'refused' } & Failure);

export interface Core {
  /** One function for each call of the contract. They reject with `AppError` only. */
  readonly calls: CoreClient;
  life(): CoreLife;
  onLife(listener: (life: CoreLife) => void): Unsubscribe;
  on<Name extends EventName>(name: Name, listener: (event: EventOf<Name>) => void): Unsubscribe;
}

/**
 * Typed client over a port. Calls made before the core is ready wait for it, without a time limit. When the core dies,
 * commands and queries are sent again to the next one by themselves; acts without an op id fail with `core_restarted`.
 */
export function createCoreClient(port: PagePort): Core {
  const open = createOpenCalls((message) => port.post(message));
  const hub = createEventHub();
  const lifeListeners = new Set<(life: CoreLife) => void>();
  let life: CoreLife = { status: 'connecting' };

  const enter = (next: CoreLife): void => {
    life = next;
    for (const listener of lifeListeners) listener(next);
    if (next.status === 'ready' || next.status === 'refused') open.sendWaiting();
  };
  const hearState = ({ state, message }: CoreState): void => {
    if (state === 'ready' && (life.status === 'connecting' || life.status === 'restarting'))
      enter({ status: 'ready' });
    if (state === 'restarting') {
      open.loseCore();
      if (life.status !== 'connecting') enter({ status: 'restarting' });
    }
    if (state === 'failed') {
      open.failAll('core_stopped', message);
      // Why it refused says more than that it then left.
      if (life.status !== 'refused') enter({ status: 'failed', message });
    }
  };

  port.onMessage((message) => {
    const heard = ToPage.safeParse(message);
    if (!heard.success) return;
    const { data } = heard;
    if (data.t === 'reply') open.settle(data);
    else if (data.t === 'event') hub.tell(data.name, data.data);
    else if (data.t === 'ready') enter({ status: 'ready' });
    else if (data.t === 'core') hearState(data);
    else enter({ status: 'refused', code: toErrorCode(data.code), message: data.message });
  });

  const call = (method: MethodName, input: unknown): Promise<unknown> =>
    life.status === 'failed'
      ? Promise.reject(new AppError('core_stopped', life.message))
      : open.add(method, input, life.status === 'ready' || life.status === 'refused');
  const methods = Object.keys(contract) as MethodName[];

  return {
    // Cast: the reply is parsed with the schema of the method that was asked.
    calls: Object.fromEntries(
      methods.map((method) => [method, (input: unknown) => call(method, input)]),
    ) as unknown as CoreClient,
    life: () => life,
    onLife: (listener) => {
      lifeListeners.add(listener);
      return () => lifeListeners.delete(listener);
    },
    on: hub.on,
  };
}

function createEventHub() {
  const listenersOf = new Map<string, Set<(event: never) => void>>();
  return {
    tell: (name: string, data: unknown): void => {
      if (!Object.hasOwn(events, name)) return;
      const event = events[name as EventName].safeParse(data);
      if (!event.success) return;
      // Cast: each listener was added under the name whose schema has just parsed the event.
      for (const listener of listenersOf.get(name) ?? []) listener(event.data as never);
    },
    on: <Name extends EventName>(name: Name, listener: (event: EventOf<Name>) => void): Unsubscribe => {
      const listeners = listenersOf.get(name) ?? new Set();
      listenersOf.set(name, listeners.add(listener));
      return () => listeners.delete(listener);
    },
  };
}
