/** `npm start`: a demo shop in one command. README, "The two commands". */
import { inHouse } from './setup/house.mjs';

await inHouse(import.meta.url, async () => {
  const { runShop } = await import('./shop/shop.mjs');
  await runShop();
  process.exit(0);
});
