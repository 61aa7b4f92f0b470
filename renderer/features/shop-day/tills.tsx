import type { ShopDay, ShopTill } from '../../../electron/contract/shop-day.ts';
import { CENTRE_TILL } from '../../../sync/base/ids.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords, type Words } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import styles from './shop-day.module.css';

type Shown = Readonly<{ shown: ShopDay }>;
/** A till that does not come back; null: whoever looks may not say so. */
type OnLost = ((till: ShopTill) => void) | null;

/** Up to when the figures are whole, till by till, and what is missing and why. */
export function Tills({ shown, onLost }: Shown & Readonly<{ onLost: OnLost }>) {
  const { t } = useWords();
  const mayGoOn = shown.line === 'up' ? onLost : null;
  return (
    <section aria-label={t('shopDay.tills')} className={styles['tills']}>
      <Watermark shown={shown} />
      <ul className={styles['lines']}>
        {shown.tills.map((till) => (
          <TillLine key={till.tillId} till={till} onLost={mayGoOn} />
        ))}
      </ul>
    </section>
  );
}

/** The whole in one line: from here on a manager may trust the sums, or may not yet. */
function Watermark({ shown }: Shown) {
  const { t, formats } = useWords();
  const nowMs = useNow(60_000);
  const { tills, line, toldAtMs } = shown;
  const missing = tills.filter(({ isWhole }) => !isWhole);
  if (tills.length === 0 && line === 'up')
    return <Notice tone="plain" title={t('shopDay.noTill')} testId="shop-day-mark" />;
  if (tills.length > 0 && missing.length === 0)
    return <Notice tone="done" title={t('shopDay.whole')} testId="shop-day-whole" />;
  const ends = missing.map(({ completeToMs }) => completeToMs);
  const first = ends.some((end) => end === null) ? null : Math.min(...ends.map((end) => end ?? 0));
  const title =
    first === null || ends.length === 0
      ? t('shopDay.unknown')
      : t('shopDay.upTo', { time: formats.when(first, nowMs) });
  const away =
    toldAtMs === null ? t('shopDay.neverTold') : t('shopDay.down', { time: formats.when(toldAtMs, nowMs) });
  return (
    <Notice
      tone={line === 'up' ? 'plain' : 'wait'}
      title={title}
      detail={line === 'up' ? t('shopDay.running') : away}
      testId="shop-day-mark"
    />
  );
}

function reasons({ t, formats }: Words, till: ShopTill, nowMs: number): string[] {
  const { state, isSilent, heardAtMs, outstanding, isOnTheWay, held, close } = till;
  const heard = heardAtMs === null ? '' : formats.when(heardAtMs, nowMs);
  return [
    ...(state === 'live' ? [] : [t(`shopDay.state.${state}`)]),
    ...(isSilent && !till.isWhole
      ? [heard === '' ? t('shopDay.neverHeard') : t('shopDay.silent', { time: heard })]
      : []),
    ...(outstanding > 0 ? [t('shopDay.outstanding', { count: outstanding })] : []),
    ...(isOnTheWay ? [t('shopDay.onTheWay')] : []),
    ...held.map(({ reason, count }) => t('shopDay.held', { count, why: t(`held.${reason}`) })),
    ...(close === null
      ? []
      : [t(`shopDay.close.${close.verdict ?? 'pending'}`, { time: formats.time(close.closedAtMs) })]),
  ];
}

/** What people call it; one that the centre has told nothing of by the end of its id. */
export function tillName({ t }: Words, { tillId, name }: ShopTill): string {
  if (name !== '') return name;
  return tillId === CENTRE_TILL ? t('shopDay.centre') : t('shopDay.nameless', { id: tillId.slice(-6) });
}

function TillLine({ till, onLost }: Readonly<{ till: ShopTill; onLost: OnLost }>) {
  const words = useWords();
  const { t, formats } = words;
  const nowMs = useNow(60_000);
  const { tillId, name, isOwn, isWhole, completeToMs, state } = till;
  const reach = (): string => {
    if (isWhole) return t('shopDay.wholeTill');
    if (isOwn) return t('shopDay.ownTill');
    return completeToMs === null
      ? t('shopDay.unknownTill')
      : t('shopDay.tillUpTo', { time: formats.when(completeToMs, nowMs) });
  };
  const label = tillName(words, till);
  const mayBeLost = !isOwn && tillId !== CENTRE_TILL && state !== 'lost';
  return (
    <li className={styles['till']} data-testid="shop-till" data-till={name} data-whole={isWhole}>
      <div>
        <b>{isOwn ? t('shopDay.thisTill', { name: label }) : label}</b> · {reach()}
        {reasons(words, till, nowMs).map((reason) => (
          <span key={reason} className={styles['why']}>
            {reason}
          </span>
        ))}
      </div>
      {mayBeLost && onLost !== null && (
        <span data-screen-only>
          <Button
            look="quiet"
            onPress={() => onLost(till)}
            label={t('shopDay.lost.openFor', { name: label })}
          >
            {t('shopDay.lost.open')}
          </Button>
        </span>
      )}
    </li>
  );
}
