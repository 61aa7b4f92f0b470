import type { CoreClient } from '../../../electron/contract/index.ts';
import type { InboxAnswer, InboxItem } from '../../../electron/contract/inbox.ts';
import { failureOf } from '../../lib/failure.ts';
import { backing, intoIdOf, NOBODY, type Choice } from './choices.ts';
import { toValues } from './held-values.ts';
import { chosenOf, IDLE, type InboxState, type Parts, type Saying } from './inbox-state.ts';

function toAnswer(choice: Choice, { held, texts }: InboxState, decimals: number): InboxAnswer | null {
  const { action } = choice;
  const intoId = intoIdOf(choice);
  if (action === 'merge') return intoId === null ? null : { action, intoId };
  if (action !== 'repair') return { action };
  return held === null ? null : { action, seq: held.seq, values: toValues(held.fields, texts, decimals) };
}

/** An item that somebody else answered, as she did; null where the line went, or it lies too long ago. */
async function readDecided(core: CoreClient, id: string): Promise<InboxItem | null> {
  const view = await core['inbox.list']({ state: 'answered', id }).catch(() => null);
  return view?.items[0] ?? null;
}

/** Says what is asked of the chosen item, with her PIN. @param read Reads the list anew. */
export function createAnswering(core: CoreClient, { getState, setState }: Parts, read: () => Promise<void>) {
  const said = { saying: IDLE, reason: '', held: null, texts: {}, second: NOBODY } as const;
  const failWith = async (cause: unknown, mine: Saying & { choice: Choice }, item: InboxItem) => {
    const failure = failureOf(cause);
    if (failure.code === 'answered_already') {
      const decided = await readDecided(core, item.id);
      if (getState().saying !== mine) return;
      setState({ ...said, outrun: { item, decided } });
      await read();
      return;
    }
    const { second } = getState();
    // Hers is for one press; the manager's own stays for the next, unless it may be the wrong one.
    setState({
      saying: { status: 'failed', choice: mine.choice, failure },
      second: { ...second, pin: '' },
      ...(failure.code === 'pin_wrong' && { pin: '' }),
    });
  };
  return async (decimals: number): Promise<void> => {
    const { saying, reason, pin, second } = getState();
    const item = chosenOf(getState());
    if (item === null || saying.status === 'idle' || saying.status === 'busy' || saying.choice === null)
      return;
    const { choice } = saying;
    const answer = toAnswer(choice, getState(), decimals);
    if (answer === null) return;
    const mine = { status: 'busy', choice } as const;
    setState({ saying: mine });
    try {
      await core['inbox.answer']({ id: item.id, pin, reason, answer, ...backing(choice, second) });
    } catch (cause) {
      if (getState().saying === mine) await failWith(cause, mine, item);
      return;
    }
    if (getState().saying !== mine) return;
    setState(said);
    await read();
  };
}
