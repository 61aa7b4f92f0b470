import { useStore } from 'zustand';
import type { SignInLine } from '../../../electron/contract/log.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { join } from '../../ui/join.ts';
import type { LogStore } from './log-store.ts';
import styles from './log.module.css';

const HEADS = ['time', 'person', 'act', 'outcome', 'place'] as const;

/** Who showed a PIN at this till, and who tried. */
export function SignIns({ store }: Readonly<{ store: LogStore }>) {
  const { t } = useWords();
  const { signIns, moreSignIns } = useStore(store);
  if (signIns === null) return null;
  const { lines, nextNo } = signIns;
  return (
    <section className={layout['sheet']} aria-label={t('log.tab.signIns')}>
      <p className={layout['soft']}>{t('signIns.lead')}</p>
      {lines.length === 0 ? (
        <p className={layout['soft']}>{t('log.nothing')}</p>
      ) : (
        <table className={styles['table']}>
          <thead>
            <tr>
              {HEADS.map((head) => (
                <th key={head} scope="col">
                  {t(`signIns.head.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Line key={line.signInNo} line={line} />
            ))}
          </tbody>
        </table>
      )}
      {nextNo !== null && (
        <Button onPress={() => void moreSignIns()} testId="sign-ins-more">
          {t('log.more')}
        </Button>
      )}
    </section>
  );
}

function Line({ line }: Readonly<{ line: SignInLine }>) {
  const { t, formats } = useWords();
  const { firstMs, lastMs, tries, name, act, outcome, place } = line;
  const isWrong = outcome !== 'right';
  return (
    <tr data-testid="sign-in" data-outcome={outcome}>
      <td>
        {formats.moment(firstMs)}
        {tries > 1 && ` – ${formats.time(lastMs)}`}
      </td>
      <td>{name === '' ? t('signIns.nobody') : name}</td>
      <td>{t(`signIns.act.${act}`)}</td>
      <td className={join(isWrong && styles['warned'])}>
        {t(`signIns.outcome.${outcome}`)}
        {tries > 1 && ` · ${t('signIns.tries', { count: tries })}`}
      </td>
      <td>{t(`signIns.place.${place}`)}</td>
    </tr>
  );
}
