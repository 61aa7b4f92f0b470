import { expect, test } from 'vitest';
import { joinExports, type ExportLine } from '../../../../sync/model/export.ts';

const line = (change: Partial<ExportLine>): ExportLine => ({
  exportId: '018f0000-0000-7000-8000-000000000001',
  ...{ what: 'members', purpose: 'administration', of: '', rows: 10, stage: 'begun' },
  ...{ atMs: 5, actorId: 'staff-1', tillId: 'till-a', storeId: 'store-1' },
  ...change,
});

test('a beginning and an end are one export, of the time that it began, in any order and however often told', () => {
  const begun = line({});
  const ended = line({ stage: 'cut', rows: 4, atMs: 9 });
  const joined = [line({ stage: 'cut', rows: 4, atMs: 5 })];
  expect(joinExports([begun, ended])).toEqual(joined);
  expect(joinExports([ended, begun, ended])).toEqual(joined);
});

test('the newest come first, and one without an end is shown as begun', () => {
  const other = line({ exportId: '018f0000-0000-7000-8000-000000000002', atMs: 7 });
  expect(joinExports([line({}), other]).map(({ atMs, stage }) => [atMs, stage])).toEqual([
    [7, 'begun'],
    [5, 'begun'],
  ]);
});
