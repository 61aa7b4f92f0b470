/**
 * The till's own main in an Electron that says it is new enough for the core to run inside it. An older one is not,
 * because of SQLite; a core without SQLite runs there all the same.
 */
Object.defineProperty(process, 'versions', { value: { ...process.versions, napi: '10' } });
require('./out/main/index.cjs');
