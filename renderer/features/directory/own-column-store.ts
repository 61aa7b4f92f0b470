import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import { type Attribute, BUILT_IN_ATTRIBUTES } from '../../../sync/model/attributes.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { newOpId } from '../../lib/new-op-id.ts';

/** What carries a column: each member, or each card (F40). */
export type ColumnOwner = 'member' | 'card';

/** A column of the chain's own as it stands in the form. */
export interface ColumnDraft {
  readonly name: string;
  readonly nameZh: string;
  readonly type: Attribute['type'];
  /** One on a line. */
  readonly choices: string;
  readonly isSensitive: boolean;
  readonly isAtEnrolment: boolean;
}
export const NEW_COLUMN: ColumnDraft = {
  ...{ name: '', nameZh: '', type: 'text', choices: '', isSensitive: false, isAtEnrolment: false },
};

const choicesIn = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];

/** True when nothing of it is missing. */
export const isWhole = ({ name, type, choices }: ColumnDraft): boolean =>
  name.trim() !== '' && (type !== 'choice' || choicesIn(choices).length > 0);

/** Its name in the letters that an id may have, and something of its own where another has that already. */
export function idFor(name: string, known: readonly string[]): string {
  const words =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/\p{Mark}/gu, '')
      .match(/[a-z0-9]+/g) ?? [];
  const plain = words
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  const id = (/^[a-z]/.test(plain) ? plain : `own${plain}`).slice(0, 30);
  for (let at = 1; ; at += 1) {
    const next = at === 1 ? id : `${id}-${at}`;
    if (!known.includes(next) && !(next in {})) return next;
  }
}

export interface OwnColumnState {
  /** Whose columns are looked at, and get the next one. */
  readonly of: ColumnOwner;
  turnTo(of: ColumnOwner): void;
  readonly isBusy: boolean;
  readonly failure: Failure | null;
  /** @returns false when it was not saved */
  add(draft: ColumnDraft): Promise<boolean>;
  /** The column of which she is asked whether it really goes. */
  readonly askingId: string | null;
  /** Asks whether it goes; null: it stays. */
  ask(attributeId: string | null): void;
  /** After `ask`: nobody is asked for it any more; what is filled in stays. */
  retire(attribute: Attribute): Promise<boolean>;
  /** A retired column as it was, with what is filled in of it. */
  takeBack(attribute: Attribute): Promise<boolean>;
}

const next = (attribute: Attribute, isRetired: boolean): Attribute => ({
  ...attribute,
  version: attribute.version + 1,
  isRetired,
});

export const createOwnColumnStore = ({ core, onSaved }: { core: CoreClient; onSaved: () => void }) =>
  createStore<OwnColumnState>()((set, get) => {
    const save = async (make: () => Promise<Attribute> | Attribute): Promise<boolean> => {
      if (get().isBusy) return false;
      set({ isBusy: true, failure: null });
      try {
        const body = await make();
        const { attributeId: id, version } = body;
        const saving = { kind: 'attribute', id, baseVersion: version - 1, body } as const;
        await core['documents.save']({ opId: newOpId(), ...saving });
        onSaved();
        return true;
      } catch (cause) {
        set({ failure: failureOf(cause) });
        return false;
      } finally {
        set({ isBusy: false });
      }
    };
    return {
      of: 'member',
      turnTo: (of) => set({ of, askingId: null, failure: null }),
      isBusy: false,
      failure: null,
      askingId: null,
      ask: (askingId) => set({ askingId, failure: null }),
      add: (draft) => {
        // As chosen when the press came: the list is read first.
        const { of } = get();
        return save(async () => {
          // Those that were retired keep their ids, since members still have their values; so do those of cards.
          const saved = await core['documents.list']({ kind: 'attribute' });
          const known = [
            ...BUILT_IN_ATTRIBUTES.map(({ attributeId }) => attributeId),
            ...saved.map(({ id }) => id),
          ];
          const { name, nameZh, type, isSensitive } = draft;
          // A card is issued without a form of its own.
          const isAtEnrolment = of === 'member' && draft.isAtEnrolment;
          return {
            attributeId: idFor(name, known),
            ...{ version: 1, name: name.trim(), nameZh: nameZh.trim(), type, isSensitive, isAtEnrolment },
            ...{ choices: type === 'choice' ? choicesIn(draft.choices) : [], isRetired: false, order: 100 },
            ...(of === 'card' && { of }),
          };
        });
      },
      retire: async (attribute) => {
        if (get().askingId !== attribute.attributeId) return false;
        const isSaved = await save(() => next(attribute, true));
        if (isSaved && get().askingId === attribute.attributeId) set({ askingId: null });
        return isSaved;
      },
      takeBack: (attribute) => save(() => next(attribute, false)),
    };
  });
export type OwnColumnStore = ReturnType<typeof createOwnColumnStore>;
