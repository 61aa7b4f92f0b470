import { EXPORT_REASON_MAX } from '../../sync/model/export.ts';
import { useWords } from '../lib/words.ts';
import { Field } from '../ui/field.tsx';

export type ExportReasonProps = Readonly<{
  value: string;
  onChange: (value: string) => void;
  /** Somebody tried without. */
  isMissing: boolean;
  /** The file is being made, with what was said. */
  isBusy: boolean;
  isFirst?: boolean;
}>;

export const hasReason = (text: string): boolean => text.trim() !== '';

/** Why data of members go out, in the words of whoever takes them: no file without. */
export function ExportReason({ value, onChange, isMissing, isBusy, isFirst = false }: ExportReasonProps) {
  const { t } = useWords();
  return (
    <Field
      label={t('exports.reason')}
      value={value}
      onChange={onChange}
      hint={t('exports.reasonHint')}
      error={isMissing && !hasReason(value) ? t('exports.reasonMissing') : ''}
      maxLength={EXPORT_REASON_MAX}
      isFirst={isFirst}
      isReadOnly={isBusy}
      isRequired
      name="export-reason"
    />
  );
}
