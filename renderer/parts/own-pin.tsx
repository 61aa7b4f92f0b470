import { useWords } from '../lib/words.ts';
import { Field } from '../ui/field.tsx';

const PIN_SIGNS_MAX = 20;

export type OwnPinProps = Readonly<{
  pin: string;
  onPin: (pin: string) => void;
  /** The centre refused: it is empty again, and takes the focus anew. */
  isRefused: boolean;
  isFirst: boolean;
}>;

/** Whoever is signed in says by her PIN that it is she who decides. */
export function OwnPin({ pin, onPin, isRefused, isFirst }: OwnPinProps) {
  const { t } = useWords();
  return (
    <Field
      key={isRefused ? 'again' : 'pin'}
      label={t('second.ownPin')}
      value={pin}
      onChange={onPin}
      type="password"
      inputMode="numeric"
      maxLength={PIN_SIGNS_MAX}
      name="pin"
      isRequired
      isFirst={isFirst}
    />
  );
}
