import type { ShopDay } from '../../../electron/contract/shop-day.ts';
import { opName } from '../../lib/op-name.ts';
import { useWords } from '../../lib/words.ts';
import { Bars, Hours, Plots } from '../../parts/day-plots.tsx';
import layout from '../../ui/list-and-detail.module.css';
import styles from './shop-day.module.css';
import { Table } from './table.tsx';

type Shown = Readonly<{ shown: ShopDay }>;

/** The day in numbers: what was sold to members, by whom, on which card. */
export function Figures({ shown }: Shown) {
  const { t, formats } = useWords();
  const { totals, cashiers, programmes, hours } = shown;
  if (totals.count === 0) return <p className={layout['soft']}>{t('shopDay.nothing')}</p>;
  const money = programmes.map(({ id, name, nameZh, spentMinor }) => ({
    id,
    name,
    nameZh,
    count: spentMinor,
  }));
  return (
    <>
      <dl className={styles['totals']} data-testid="shop-day-totals">
        <Total name={t('shopDay.spent')} value={formats.money(totals.spentMinor)} />
        <Total name={t('shopDay.purchases')} value={formats.number(totals.purchases)} />
        <Total name={t('shopDay.actions')} value={formats.number(totals.count)} />
      </dl>
      <Programmes shown={shown} />
      <Cashiers shown={shown} />
      <Kinds shown={shown} />
      <Plots>
        <Bars title={t('shopDay.byCashier')} rows={cashiers} />
        <Bars title={t('shopDay.byProgramme')} rows={programmes} />
        <Bars
          title={t('shopDay.moneyByProgramme')}
          rows={money.filter(({ count }) => count !== 0)}
          figure={formats.money}
        />
      </Plots>
      <Hours hours={hours} />
    </>
  );
}

function Total({ name, value }: Readonly<{ name: string; value: string }>) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Programmes({ shown }: Shown) {
  const { t, formats, named, units } = useWords();
  const heads = ['programme', 'actions', 'given', 'taken', 'spent'] as const;
  return (
    <Table
      title={t('shopDay.programmes')}
      heads={heads.map((head) => t(`shopDay.${head}`))}
      rows={shown.programmes.map(({ id, name, nameZh, unit, count, given, taken, spentMinor }) => [
        id === '' ? t('shopDay.noProgramme') : named(name, nameZh),
        ...[formats.number(count), units(given, unit), units(taken, unit), formats.money(spentMinor)],
      ])}
    />
  );
}

function Cashiers({ shown }: Shown) {
  const { t, formats } = useWords();
  const heads = ['cashier', 'actions', 'purchases', 'spent'] as const;
  return (
    <Table
      title={t('shopDay.cashiers')}
      heads={heads.map((head) => t(`shopDay.${head}`))}
      rows={shown.cashiers.map(({ name, count, purchases, spentMinor }) => [
        ...[name, formats.number(count), formats.number(purchases), formats.money(spentMinor)],
      ])}
    />
  );
}

function Kinds({ shown }: Shown) {
  const words = useWords();
  const { t, formats } = words;
  const heads = ['kind', 'actions', 'spent'] as const;
  return (
    <Table
      title={t('shopDay.kinds')}
      heads={heads.map((head) => t(`shopDay.${head}`))}
      rows={shown.kinds.map(({ kind, count, spentMinor }) => [
        opName(words, kind),
        ...[formats.number(count), formats.money(spentMinor)],
      ])}
    />
  );
}
