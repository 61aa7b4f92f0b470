import { createElement, Suspense, type ComponentType } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { deskPart, readAhead } from '../../../../renderer/app/desk-part.tsx';

const Desk = ({ name }: Readonly<{ name: string }>) => createElement('p', null, name);
const drawn = (Page: ComponentType<{ name: string }>): string =>
  renderToString(createElement(Suspense, { fallback: 'empty' }, createElement(Page, { name: 'Cards' })));

test('a page that was read beforehand stands at once; another is empty until it was read', async () => {
  const part = deskPart(async () => Desk);
  expect(drawn(part.Page)).not.toContain('Cards');
  const other = deskPart(async () => Desk);
  await other.read();
  expect(drawn(other.Page)).toContain('<p>Cards</p>');
});

test('pages are read one after another until nobody wants them, and one that fails keeps no other', async () => {
  const order: string[] = [];
  const partAs = (name: string) => ({
    read: async () => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
      if (name === 'cards') throw new Error('no such file');
    },
  });
  const isWanted = (): boolean => order.length < 4;
  await readAhead([partAs('cards'), partAs('log'), partAs('chain')], isWanted);
  expect(order).toEqual(['cards begins', 'cards ends', 'log begins', 'log ends']);
});
