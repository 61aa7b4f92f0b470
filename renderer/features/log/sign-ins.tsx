import { useStore } from 'zustand';
import type { SignInLine } from '../../../electron/contract/log.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { join } from '../../ui/join.ts';
import type { LogStore } from './log-store.ts';
import styles from './log.module.css';

type Part = 'signIns' | 'looks';
const HEADS = {
  signIns: ['time', 'person', 'act', 'outcome', 'place'],
  looks: ['time', 'person', 'member', 'why', 'place'],
} as const;

/** Who showed a PIN at this till, and who tried; or who saw whom whole here, and why. */
export function SignIns({ store, part }: Readonly<{ store: LogStore; part: Part }>) {
  const { t } = useWords();
  const { signIns, moreSignIns } = useStore(store);
  if (signIns === null) return null;
  const { lines, nextNo } = signIns;
  return (
    <section className={layout['sheet']} aria-label={t(`log.tab.${part}`)}>
      <p className={layout['soft']}>{t(part === 'looks' ? 'signIns.looksLead' : 'signIns.lead')}</p>
      {lines.length === 0 ? (
        <p className={layout['soft']}>{t('log.nothing')}</p>
      ) : (
        <table className={styles['table']}>
          <thead>
            <tr>
              {HEADS[part].map((head) => (
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
  const { firstMs, lastMs, tries, name, act, outcome, place, memberId, memberName } = line;
  const isLook = memberId !== '';
  const isWrong = !isLook && outcome !== 'right';
  const member = memberName === '' ? t('log.nobodyKnown', { id: memberId.slice(-4) }) : memberName;
  return (
    <tr data-testid="sign-in" data-outcome={outcome}>
      <td>
        {formats.moment(firstMs)}
        {tries > 1 && ` – ${formats.time(lastMs)}`}
      </td>
      <td>{name === '' ? t('signIns.nobody') : name}</td>
      <td>{isLook ? member : t(`signIns.act.${act}`)}</td>
      <td className={join(isWrong && styles['warned'])}>
        {t(`signIns.outcome.${outcome}`)}
        {tries > 1 && ` · ${t('signIns.tries', { count: tries })}`}
      </td>
      <td>{t(`signIns.place.${place}`)}</td>
    </tr>
  );
}
