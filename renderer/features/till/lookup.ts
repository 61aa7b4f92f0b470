import type { CoreClient, Output } from '../../../electron/contract/index.ts';
import type { MemberHit } from '../../../electron/contract/views.ts';
import type { Failure } from '../../lib/failure.ts';

export type Found = Output<'members.lookup'>;
export type Lookup =
  | { readonly status: 'idle' }
  /** Asked for the first time; what was found for an earlier text stays on the screen as `found` instead. */
  | { readonly status: 'searching' }
  | { readonly status: 'failed'; readonly failure: Failure }
  /** `text` is what was asked, which may be behind what is typed; `centre`: it was asked too, and what it said. */
  | {
      readonly status: 'found';
      readonly text: string;
      readonly found: Found;
      readonly centre?: 'asking' | 'nobody' | 'no_line';
    }
  /** Several members behind one scan: somebody must choose. */
  | { readonly status: 'choice'; readonly text: string; readonly members: readonly MemberHit[] };

export const hitsOf = (lookup: Lookup): readonly MemberHit[] =>
  lookup.status === 'found' ? lookup.found.members : lookup.status === 'choice' ? lookup.members : [];

/** The first copy is on its way: who was not found may come with it. */
export const isArriving = (lookup: Lookup): boolean =>
  lookup.status === 'found' && lookup.found.incomplete === 'arriving';

/** Where the answer is shown: a part of the search store. */
interface LookupPlace {
  getState(): { readonly lookup: Lookup };
  setState(part: { lookup: Lookup }): void;
}

/** Nobody was found here for this very text, and the centre is asked or has said what it knows. */
export const centreOf = (lookup: Lookup, text: string) =>
  lookup.status === 'found' && lookup.text === text ? lookup.centre : undefined;

/** Puts the question to the centre, once for a text. The line on the screen says so while it lasts. */
export function createCentreAsker(
  core: Pick<CoreClient, 'members.lookupOnline'>,
  { getState, setState }: LookupPlace,
  onAnswer: () => void,
) {
  return async (): Promise<void> => {
    const { lookup } = getState();
    if (lookup.status !== 'found' || lookup.centre === 'asking') return;
    const { text, found } = lookup;
    setState({ lookup: { ...lookup, centre: 'asking' } });
    let answer: Output<'members.lookupOnline'>;
    try {
      answer = await core['members.lookupOnline']({ text });
    } catch {
      answer = { outcome: 'no_line', found };
    }
    // Something else was typed, or somebody gone on: the answer is of no use any more.
    if (centreOf(getState().lookup, text) !== 'asking') return;
    const said = answer.outcome === 'nobody' || answer.outcome === 'no_line' ? answer.outcome : null;
    setState({
      lookup: { status: 'found', text, found: answer.found, ...(said !== null && { centre: said }) },
    });
    onAnswer();
  };
}
