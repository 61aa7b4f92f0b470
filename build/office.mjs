/** `npm run office`: the manager's and back-office screens in a browser. README, "Run an office". */
import { inHouse } from './setup/house.mjs';

await inHouse(import.meta.url, async () => {
  const { runOffice } = await import('./shop/office.mjs');
  process.exit(await runOffice(process.argv.slice(2)));
});
