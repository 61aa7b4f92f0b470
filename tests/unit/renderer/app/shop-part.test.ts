import { expect, test } from 'vitest';
import { createShopPart } from '../../../../renderer/app/shop-part.ts';

const drawNothing = (): null => null;

/** A part, what it was asked for, and a wait for its next change. */
function makePart(fetchShop: () => Promise<typeof drawNothing>) {
  let fetches = 0;
  const part = createShopPart(() => {
    fetches += 1;
    return fetchShop();
  });
  const changed = new Promise<void>((resolve) => part.onChange(resolve));
  return { part, changed, fetches: () => fetches };
}

test('the shop is fetched when it is asked for, once, and told when it is there', async () => {
  const { part, changed, fetches } = makePart(async () => drawNothing);
  expect([part.get(), fetches()]).toEqual([undefined, 0]);
  part.load();
  part.load();
  await changed;
  part.load();
  expect(part.get()).toBe(drawNothing);
  expect(fetches()).toBe(1);
});

test('a shop that can not be fetched is an error of the page, not a wait without end', async () => {
  const cause = new Error('no such file');
  const { part, changed } = makePart(() => Promise.reject(cause));
  part.load();
  await changed;
  expect(() => part.get()).toThrow(expect.objectContaining({ cause }));
});
