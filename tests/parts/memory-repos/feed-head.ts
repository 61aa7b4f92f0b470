import type * as Real from '../../../crm/repos/feed-head.ts';
import { must } from '../../../sync/base/must.ts';
import { unitOf } from '../memory-centre.ts';

export * from '../../../crm/repos/feed-head.ts';

export const readHead: typeof Real.readHead = async (sql) => {
  const unit = unitOf(sql);
  await unit.step();
  return { ...must(unit.tables.head.get('head'), 'the centre has its head') };
};

export const lockHead: typeof Real.lockHead = async (tx) => {
  const unit = unitOf(tx);
  await unit.step();
  await unit.lock();
  return { ...must(unit.tables.head.get('head'), 'the centre has its head') };
};

export const beginEpoch: typeof Real.beginEpoch = async (tx, epoch) => {
  const { tables, step } = unitOf(tx);
  await step();
  tables.head.set('head', { ...must(tables.head.get('head'), 'the centre has its head'), epoch });
};

export const saveHead: typeof Real.saveHead = async (tx, head) => {
  const { tables, step } = unitOf(tx);
  await step();
  const { epoch } = must(tables.head.get('head'), 'the centre has its head');
  tables.head.set('head', { ...head, epoch });
};
