import type { CloseLine } from '../../../electron/contract/closes.ts';
import { useWords } from '../../lib/words.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './close-day.module.css';
import { opName } from '../../lib/op-name.ts';
import { isOther, unitOfKind } from './lines.ts';

/** Counts and sums of each kind, here and at the centre. */
export function Counts({ lines, opCount }: Readonly<{ lines: readonly CloseLine[]; opCount: number }>) {
  const { t, formats } = useWords();
  if (lines.length === 0) return <p className={layout['soft']}>{t('close.nothing')}</p>;
  const hasCentre = lines.some(({ centre }) => centre !== null);
  const centreCount = lines.reduce((sum, { centre }) => sum + (centre?.count ?? 0), 0);
  return (
    <table className={styles['counts']}>
      <thead>
        <tr>
          <th scope="col">{t('close.kindHead')}</th>
          <th scope="col">{t('close.here')}</th>
          <th scope="col">{t('close.centre')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line key={line.kind} line={line} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('close.total')}</th>
          <td>
            <Side count={formats.number(opCount)} sum="" />
          </td>
          <td>
            <Side count={hasCentre ? formats.number(centreCount) : '–'} sum="" />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function Line({ line }: Readonly<{ line: CloseLine }>) {
  const words = useWords();
  const { formats, units: inWords } = words;
  const { kind, count, units, centre } = line;
  const unit = unitOfKind(kind);
  const sum = (value: number): string => {
    if (value === 0) return '';
    return unit === null ? formats.number(value) : inWords(value, unit);
  };
  return (
    <tr className={join(isOther(line) && styles['other'])} data-testid="close-line" data-kind={kind}>
      <th scope="row">{opName(words, kind)}</th>
      <td>
        <Side count={formats.number(count)} sum={sum(units)} />
      </td>
      <td>
        {centre === null ? (
          <Side count="–" sum="" />
        ) : (
          <Side count={formats.number(centre.count)} sum={sum(centre.units)} />
        )}
      </td>
    </tr>
  );
}

/** How often, and what it comes to, one below the other from line to line. */
function Side({ count, sum }: Readonly<{ count: string; sum: string }>) {
  return (
    <span className={styles['side']}>
      <b>{count}</b>
      <span>{sum}</span>
    </span>
  );
}
