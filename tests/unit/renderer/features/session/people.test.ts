import { expect, test } from 'vitest';
import type { Person } from '../../../../../electron/contract/views.ts';
import { sortPeople } from '../../../../../renderer/features/session/people.ts';

const person = (name: string, worksHere?: boolean): Person => ({
  // Cast: only told apart by their names here.
  staffId: name as Person['staffId'],
  login: name.toLowerCase(),
  name,
  role: 'cashier',
  ...(worksHere !== undefined && { worksHere }),
});
const namesOf = ({ here, others }: ReturnType<typeof sortPeople>) =>
  [here, others].map((people) => people.map(({ name }) => name));

test('the people of this shop stand first, the others behind a press, each in the order of names', () => {
  const people = [person('Rosa', false), person('Siti', true), person('Arun', true), person('Lan', false)];
  expect(namesOf(sortPeople(people))).toEqual([
    ['Arun', 'Siti'],
    ['Lan', 'Rosa'],
  ]);
});

test('whoever has no shop of her own stands with the people of each', () => {
  const people = [person('Seah'), person('Rosa', false), person('Arun', true)];
  expect(namesOf(sortPeople(people))).toEqual([['Arun', 'Seah'], ['Rosa']]);
});

test('a till that is not told who works here, or a shop where nobody does yet, shows everybody', () => {
  expect(namesOf(sortPeople([person('Mei'), person('Arun')]))).toEqual([['Arun', 'Mei'], []]);
  expect(namesOf(sortPeople([person('Mei', false)]))).toEqual([['Mei'], []]);
});
