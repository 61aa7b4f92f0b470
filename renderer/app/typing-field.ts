type FindField = () => HTMLInputElement | null;

/** Where keys go that no field has the focus for: the screen in front offers a field, or none does. */
export interface TypingField {
  find: FindField;
  /** @returns takes the offer back */
  offer(find: FindField): () => void;
}

export function createTypingField(): TypingField {
  let offered: FindField | null = null;
  return {
    find: () => offered?.() ?? null,
    offer: (find) => {
      offered = find;
      return () => {
        if (offered === find) offered = null;
      };
    },
  };
}
