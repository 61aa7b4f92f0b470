import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const PARTS = new URL('../parts/', import.meta.url);
const REPO = /\/crm\/repos\/([a-z-]+)\.ts$/;
const OTHERS: readonly (readonly [ending: string, twin: string])[] = [
  ['/crm/database.ts', 'memory-repos/database.ts'],
  ['/crm/sql-store.ts', 'memory-store.ts'],
  ['/db/till/open.ts', 'memory-repos/open-till.ts'],
];

/** The file in memory that stands in for a file over a database; null: there is none. */
function twinOf(url: string): string | null {
  const repo = REPO.exec(url)?.[1];
  const path =
    repo === undefined ? OTHERS.find(([ending]) => url.endsWith(ending))?.[1] : `memory-repos/${repo}.ts`;
  const twin = path === undefined ? null : new URL(path, PARTS);
  return twin !== null && existsSync(fileURLToPath(twin)) ? twin.href : null;
}

/**
 * From here on the product's own code gets the repositories in memory wherever it imports those over a database:
 * it runs unchanged, as it is released. Tests themselves see both.
 */
registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    if (context.parentURL?.includes('/tests/') === true) return resolved;
    const twin = twinOf(resolved.url);
    return twin === null ? resolved : { ...resolved, url: twin };
  },
});
