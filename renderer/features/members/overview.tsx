import type { TillView } from '../../../electron/contract/till.ts';
import type { CardView, MemberView } from '../../../electron/contract/views.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import type { Aside } from './aside-state.ts';
import aside from './aside.module.css';
import styles from './about.module.css';
import type { IntentCall } from './intent.ts';

const MINUTE_MS = 60_000;
const LAST = 6;
const isCoupon = ({ kind }: Pick<CardView, 'kind'>): boolean => kind === 'coupon';

export type OverviewProps = Readonly<{
  member: MemberView;
  known: Aside | null;
  /** Every shop's entries are here; of a till's copy only its own shop's. */
  hasAllStores: boolean;
}>;

/** What has happened with her: made, verified, cards, coupons, segments, the last movements. */
export function Overview({ member, known, hasAllStores }: OverviewProps) {
  const { t, formats, units, named, cardName } = useWords();
  const nowMs = useNow(MINUTE_MS);
  const { verified } = member.extras;
  const coupons = member.cards.filter(isCoupon);
  const marks = (['mobile', 'email'] as const).filter((mark) => verified[mark]);
  const segments = known?.segments?.segments
    .filter(({ isIn }) => isIn)
    .map(({ segment }) => named(segment.name, segment.nameZh));
  const rfm = known?.segments?.rfm ?? null;
  const favourite = useFavourite(known, hasAllStores);
  const facts: [string, string][] = [
    [t('overview.created'), formats.when(member.createdAtMs, nowMs)],
    ...(favourite === null ? [] : [[t('overview.favourite'), favourite] as [string, string]]),
    ...useTierLines(member.tier),
    [t('about.verified'), marks.map((mark) => t(`overview.mark.${mark}`)).join(', ') || t('overview.no')],
    [t('overview.cards'), formats.number(member.cards.length - coupons.length)],
    [t('overview.coupons'), couponLine(coupons, t)],
    ...useEndingLines(known),
    ...(segments === undefined
      ? []
      : [[t('aside.segments'), segments.join(', ') || t('overview.no')] as [string, string]]),
    ...(rfm === null
      ? []
      : ([
          [
            t('overview.purchases'),
            t('overview.purchaseLine', { count: rfm.purchases, amount: formats.roughMoney(rfm.spentMinor) }),
          ],
        ] as [string, string][])),
    ...member.history
      .slice(0, LAST)
      .map((entry): [string, string] => [
        formats.when(entry.wallMs, nowMs),
        [
          t(`entry.${entry.kind}`),
          cardName(entry),
          entry.delta === 0 ? '' : units(entry.delta, entry.unit, true),
        ]
          .filter((part) => part !== '')
          .join(' · '),
      ]),
  ];
  return (
    <section aria-label={t('overview.title')} data-testid="overview">
      <h2 className={styles['heading']}>{t('overview.title')}</h2>
      <dl className={styles['facts']}>
        {facts.map(([name, value], at) => (
          // Two movements may be of the same minute.
          <div key={at}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The shop that she came to most often, and of which entries that is said (F22); null before it is known. */
function useFavourite(known: Aside | null, hasAllStores: boolean): string | null {
  const { t } = useWords();
  const favourite = known?.favourite ?? null;
  if (favourite === null) return null;
  const { store } = favourite;
  const line =
    store === null
      ? t('overview.no')
      : t('overview.favouriteLine', { name: store.name, count: store.visits });
  return hasAllStores ? line : `${line} (${t('overview.ownStore')})`;
}

const ENDINGS_SHOWN = 3;

/** What she should use before it ends, the soonest first, and what has ended and still stands in the balance. */
function useEndingLines(known: Aside | null): [string, string][] {
  const { t, formats, units, cardName } = useWords();
  const { ending, isPartial } = known?.ending ?? { ending: [], isPartial: false };
  const lines = ending
    .slice(0, ENDINGS_SHOWN)
    .map(({ endsOn, isOver, unit, units: count, ...card }): [string, string] => [
      t(isOver ? 'overview.ended' : 'overview.ends', { day: formats.day(endsOn) }),
      `${units(count, unit)} · ${cardName(card)}`,
    ]);
  return isPartial ? [...lines, [t('overview.endsPartly'), t('overview.endsPartlyNext')]] : lines;
}

/** Her tier and why she has it, and what is missing for the next one as far as this shop knows. */
function useTierLines({ tierId, name, nameZh, until, isOver, reached, next }: MemberView['tier']) {
  const { t, named, formats } = useWords();
  const lines: [string, string][] = [];
  if (tierId !== '' || isOver) {
    const why =
      reached === null
        ? t('overview.tierByHand', { name: named(name, nameZh) })
        : t('overview.tierReached', {
            name: named(name, nameZh),
            day: formats.day(reached.since),
            amount: formats.money(reached.spentMinor),
          });
    const end =
      until === null
        ? ''
        : t(isOver ? 'overview.tierOver' : 'overview.tierUntil', {
            name: named(name, nameZh),
            day: formats.day(until),
          });
    lines.push([
      t('overview.tier'),
      [...(isOver ? [] : [why]), end].filter((each) => each !== '').join(', '),
    ]);
  }
  if (next !== null) {
    const words = {
      name: named(next.name, next.nameZh),
      needed: formats.money(next.neededMinor),
      spent: formats.money(next.spentMinor),
      within: t('overview.months', { count: next.withinMonths }),
    };
    lines.push([t('overview.tierNext'), t('overview.tierNextLine', words)]);
  }
  return lines;
}

/** Assigned, of use now, and used up or over: what a shop calls redeemed. */
function couponLine(coupons: readonly CardView[], t: ReturnType<typeof useWords>['t']): string {
  const left = ({ balance }: CardView): number => balance.confirmed + balance.pending;
  const ready = coupons.filter((card) => card.status === 'active' && left(card) > 0).length;
  const used = coupons.filter((card) => left(card) <= 0).length;
  return t('overview.couponLine', { assigned: coupons.length, ready, used });
}

export type CouponsProps = Readonly<{
  member: MemberView;
  till: TillView;
  onIssue: (call: IntentCall) => void;
}>;

/** Which coupons she has, and which she lacks, each with a plus to give it. */
export function Coupons({ member, till, onIssue }: CouponsProps) {
  const { t, named, units, formats } = useWords();
  const types = till.cardTypes.filter((type) => type.kind === 'coupon' && !type.isRetired);
  const mayIssue = member.state === 'active' && !member.extras.isRemoved;
  if (types.length === 0) return null;
  return (
    <section aria-label={t('overview.coupons')} data-testid="coupons">
      <h2 className={styles['heading']}>{t('overview.coupons')}</h2>
      <ul className={aside['rows']}>
        {types.map((type) => {
          const name = named(type.name, type.nameZh);
          const { cardTypeId } = type;
          const held = member.cards.find(
            (card) => card.cardTypeId === cardTypeId && card.status === 'active',
          );
          const input = { memberId: member.memberId, cardTypeId, cardNumber: null };
          return (
            <li key={cardTypeId} className={aside['row']}>
              <span>
                {name}
                <span className={aside['detail']}>
                  {held === undefined
                    ? t('overview.notHeld')
                    : units(held.balance.confirmed + held.balance.pending, held.balance.unit)}
                  {held?.expiresOn != null &&
                    ` · ${t('overview.until', { day: formats.day(held.expiresOn) })}`}
                </span>
              </span>
              {held === undefined && mayIssue && (
                <Button
                  label={t('overview.give', { name })}
                  onPress={() => onIssue({ method: 'cards.issue', input })}
                  testId="give-coupon"
                >
                  +
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What counts about marketing, since when, by whom, and every word before it that is known here. */
export function Consents({ member, known }: Omit<OverviewProps, 'hasAllStores'>) {
  const { t, formats } = useWords();
  const nowMs = useNow(MINUTE_MS);
  const consents = known?.consents ?? null;
  return (
    <section aria-label={t('consents.title')} data-testid="consents">
      <h2 className={styles['heading']}>{t('consents.title')}</h2>
      <p>{t(member.hasMarketingConsent ? 'member.marketingYes' : 'member.marketingNo')}</p>
      {consents !== null && (
        <>
          <p className={styles['none']}>{t(`consents.from.${consents.from}`)}</p>
          <ol className={aside['rows']}>
            {consents.words.map((word) => (
              <li key={word.opId}>
                <b>{t(word.isGranted ? 'consents.yes' : 'consents.no')}</b> {formats.when(word.wallMs, nowMs)}
                <span className={aside['detail']}>
                  {[
                    word.actorName,
                    word.isOwnTill ? t('history.thisTill') : word.storeName,
                    t(`consents.channel.${word.channel}`),
                    word.policyVersion,
                  ]
                    .filter((part) => part !== '')
                    .join(' · ')}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
