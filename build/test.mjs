/** `npm test`, `npm run check`, `npm run e2e`: the same checks, all or some. README, "What is checked". */
import { inHouse } from './setup/house.mjs';

await inHouse(import.meta.url, async () => {
  const { runChecks } = await import('./test/checks.mjs');
  process.exit(await runChecks(process.argv[2] ?? 'all'));
});
