import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Where the bench installs them; see `peers-install.ts`. */
const load = createRequire(join(import.meta.dirname, '../../../out/bench-peers/package.json'));

/** A package of this folder's own `package.json`; it has types of ours, for what is used here. */
export const loadPeer = (name: string): unknown => load(name);
