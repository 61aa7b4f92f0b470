import { expect, test } from 'vitest';
import type { Person } from '../../../../electron/contract/views.ts';
import { backers } from '../../../../renderer/parts/backers.ts';
import type { StaffId } from '../../../../sync/base/ids.ts';

const person = (name: string, role: Person['role'], more: Partial<Person> = {}): Person => ({
  ...{ staffId: `staff-${name}` as StaffId, login: name, name, role },
  ...more,
});
const BOSS = person('boss', 'manager');
const names = (people: readonly Person[], least: 'supervisor' | 'manager') =>
  backers({ people, ownStaffId: BOSS.staffId, least }).map(({ name }) => name);

test('nobody stands by herself and no cashier by anybody; of this shop first, by name', () => {
  const away = person('ann', 'manager', { worksHere: false });
  const people = [BOSS, away, person('cy', 'supervisor'), person('ben', 'manager'), person('dee', 'cashier')];
  expect(names(people, 'supervisor')).toEqual(['ben', 'cy', 'ann']);
  expect(names(people, 'manager')).toEqual(['ben', 'ann']);
});

test('a chain of one manager and cashiers has nobody', () => {
  expect(names([BOSS, person('dee', 'cashier')], 'supervisor')).toEqual([]);
});
