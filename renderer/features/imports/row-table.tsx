import { useStore } from 'zustand';
import { isNote, reasonWords } from '../../../electron/contract/import-reasons.ts';
import type { ImportRow } from '../../../electron/contract/imports.ts';
import { useWords, type Words } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Pill } from '../../ui/pill.tsx';
import styles from './imports.module.css';
import type { ImportsStore } from './imports-store.ts';

const TONES = { create: 'done', update: 'wait', skip: 'plain', invalid: 'refuse' } as const;

/** Fields of the profile have words of their own; what a chain made itself is named by its id. */
function fieldName({ t }: Words, field: string): string {
  const words = t(`field.${field}` as 'field.mobile', { defaultValue: '' });
  return words === '' ? t(`imports.field.${field}` as 'imports.field.tags', { defaultValue: field }) : words;
}

/** A value as people write it: a yes, a day, or the text itself. */
function fieldValue({ t, formats }: Words, text: string): string {
  if (text === 'true' || text === 'false') return t(text === 'true' ? 'imports.yes' : 'imports.no');
  return /^\d{4}-\d\d-\d\d$/.test(text) ? formats.day(text) : text;
}

/** Rows of the file, field by field; a page at a time. */
export function RowTable({
  store,
  onOpenMember,
}: Readonly<{ store: ImportsStore; onOpenMember: (memberId: string) => void }>) {
  const { t } = useWords();
  const { rows, hasMore, more } = useStore(store);
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']} data-testid="import-rows">
        <thead>
          <tr>
            <th scope="col">{t('imports.row')}</th>
            <th scope="col">{t('imports.who')}</th>
            <th scope="col">{t('imports.becomes')}</th>
            <th scope="col">{t('imports.what')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <RowLine key={row.rowNo} row={row} onOpenMember={onOpenMember} />
          ))}
        </tbody>
      </table>
      {hasMore && <Button onPress={() => void more()}>{t('imports.more')}</Button>}
    </div>
  );
}

function RowLine({
  row,
  onOpenMember,
}: Readonly<{ row: ImportRow; onOpenMember: (memberId: string) => void }>) {
  const words = useWords();
  const { t, language } = words;
  const { memberId } = row;
  return (
    <tr data-testid="import-row" data-action={row.action}>
      <td className={styles['figure']}>{row.rowNo}</td>
      <td>
        {memberId === null ? (
          row.name
        ) : (
          <Button look="quiet" onPress={() => onOpenMember(memberId)}>
            {row.name}
          </Button>
        )}
      </td>
      <td>
        <Pill tone={TONES[row.action]}>{t(`imports.action.${row.action}`)}</Pill>
      </td>
      <td>
        {row.codes.map((code) => (
          <p key={code} data-code={code} className={isNote(code) ? styles['soft'] : styles['reason']}>
            {reasonWords(code, language)}
          </p>
        ))}
        {row.changes.length > 0 && (
          <ul className={styles['changes']}>
            {row.changes.map(({ field, before, after }) => (
              <li key={field}>
                <span className={styles['soft']}>{fieldName(words, field)}</span>{' '}
                {before !== '' && <del>{fieldValue(words, before)}</del>}{' '}
                <ins>{after === '' ? '–' : fieldValue(words, after)}</ins>
              </li>
            ))}
          </ul>
        )}
      </td>
    </tr>
  );
}
