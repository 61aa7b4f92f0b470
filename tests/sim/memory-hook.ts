import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const PARTS = new URL('../parts/', import.meta.url);
const REPO = /\/crm\/repos\/([a-z-]+)\.ts$/;
const OTHERS: readonly (readonly [ending: string, twin: string])[] = [
  ['/crm/database.ts', 'memory-repos/database.ts'],
  ['/crm/sql-store.ts', 'memory-store.ts'],
  ['/crm/keys.ts', 'memory-repos/keys.ts'],
  ['/crm/feed/chunk-packer.ts', 'memory-repos/chunk-packer.ts'],
  ['/db/replica/open.ts', 'memory-repos/open-replica.ts'],
  ['/db/replica/worker-host.ts', 'memory-repos/worker-host.ts'],
  ['/electron/core/pull/feed-source.ts', 'memory-repos/feed-source.ts'],
  ['/db/till/open.ts', 'memory-repos/open-till.ts'],
];

/** Of the platform and of packages, for one importer each: files and chance. */
const FOR_ONE: readonly (readonly [importer: string, specifier: string, twin: string])[] = [
  ['/db/spill/spill-file.ts', 'node:fs', 'memory-node/fs.ts'],
  ['/db/sync-folder.ts', 'node:fs', 'memory-node/fs.ts'],
  ['/electron/core/spill.ts', 'node:fs', 'memory-node/fs.ts'],
  ['/electron/core/renewal.ts', 'node:fs', 'memory-node/fs.ts'],
  ['/db/replica/bulk/fill-file.ts', 'node:fs', 'memory-node/fs.ts'],
  ['/db/spill/spill-file.ts', 'node:crypto', 'memory-node/chance.ts'],
  ['/electron/core/pull/checked-files.ts', 'node:zlib', 'memory-node/zlib.ts'],
  ['/crm/feed/lanes.ts', 'node:zlib', 'memory-node/zlib.ts'],
  ['/crm/zstd-pack.ts', 'node:zlib', 'memory-node/zlib.ts'],
  ['/crm/feed/forget.ts', 'node:zlib', 'memory-node/zlib.ts'],
  ['/sync/base/ids.ts', 'uuidv7', 'memory-node/chance.ts'],
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
    const one = FOR_ONE.find(
      ([importer, name]) => specifier === name && context.parentURL?.endsWith(importer) === true,
    );
    if (one !== undefined) return { url: new URL(one[2], PARTS).href, shortCircuit: true };
    const resolved = next(specifier, context);
    if (context.parentURL?.includes('/tests/') === true) return resolved;
    const twin = twinOf(resolved.url);
    return twin === null ? resolved : { ...resolved, url: twin };
  },
});
