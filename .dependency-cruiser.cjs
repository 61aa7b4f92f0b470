/**
 * Who may import whom: the one list of it (README, "Folders"). What is not listed is forbidden; types count too.
 * Run by `tests/tidy/imports.test.ts`.
 */

/** Folder -> what it may import besides itself: folders, `node` for Node's own modules, names of packages. */
const MAY_IMPORT = {
  'sync/base': ['zod', 'uuidv7', 'libphonenumber-js'],
  'sync/model': ['sync/base', 'zod'],
  'sync/protocol': ['sync/base', 'sync/model', 'zod'],
  'sync/merge': ['sync/base', 'sync/model', 'sync/programmes', 'zod'],
  'sync/feed': ['sync/base', 'sync/model', 'zod'],
  'sync/programmes': ['sync/base', 'sync/model'],
  'sync/spending': ['sync/base', 'sync/model'],
  'sync/close': ['sync/base', 'sync/model', 'zod'],
  'sync/spill': [],
  'sync/segments': ['sync/base', 'sync/model'],
  'electron/contract': ['sync/base', 'sync/model', 'zod'],
  'renderer/ui': ['react', 'react-dom', 'react-aria-components', '@tanstack/react-virtual'],
  'renderer/lib': [
    'electron/contract',
    'sync/base',
    'sync/model',
    'sync/programmes',
    'drivers/decode',
    'react',
    'zustand',
    'zod',
    'i18next',
    'react-i18next',
    'uuidv7',
  ],
  'renderer/parts': [
    'renderer/ui',
    'renderer/lib',
    'electron/contract',
    'sync/model',
    'sync/programmes',
    'react',
    'react-aria-components',
  ],
  'renderer/features': [
    'renderer/parts',
    'renderer/ui',
    'renderer/lib',
    'electron/contract',
    'sync/base',
    'sync/model',
    'sync/programmes',
    'react',
    'react-aria-components',
    'react-i18next',
    'i18next',
    'zustand',
    '@tanstack/react-virtual',
  ],
  'renderer/app': [
    'renderer/features',
    'renderer/ui',
    'renderer/lib',
    'electron/contract',
    'sync/base',
    'react',
    'react-dom',
    'react-aria-components',
    'react-i18next',
    'i18next',
    'zustand',
    '@fontsource-variable/inter',
  ],
  db: [
    'sync/base',
    'sync/model',
    'sync/feed',
    'sync/segments',
    'sync/spill',
    'drizzle-orm',
    'better-sqlite3',
    'node',
  ],
  'drivers/decode': ['sync/base'],
  drivers: ['drivers/decode', 'sync/base', 'serialport', 'node-hid', 'node'],
  'electron/core': [
    'db',
    'drivers',
    'sync',
    'electron/contract',
    'node',
    'pino',
    'zod',
    'papaparse',
    'saxes',
    'yauzl',
  ],
  'electron/hosts': [
    'electron/core',
    'electron/contract',
    'sync/base',
    'package.json',
    'node',
    'pino',
    'ws',
    'zod',
  ],
  'electron/main': ['electron/contract/port', 'electron', 'node'],
  'electron/preload': ['electron/contract/port', 'electron'],
  crm: [
    'sync',
    'fastify',
    'drizzle-orm',
    'better-sqlite3',
    'pg',
    'nodemailer',
    '@electric-sql/pglite',
    '@electric-sql/pglite-socket',
    'node',
    'pino',
    'zod',
  ],
};

const OWN = ['sync', 'electron', 'renderer', 'db', 'drivers', 'crm'];

/** @param {string} name */
function toTarget(name) {
  if (name === 'node') return { dependencyTypes: ['core'] };
  if (OWN.some((folder) => name === folder || name.startsWith(`${folder}/`)) && name !== 'electron') {
    return { path: `^${name}(/|\\.ts$)` };
  }
  if (name === 'package.json') return { path: '^package\\.json$' };
  return { path: `node_modules/(@types/)?${name}/` };
}

/** @param {string} folder */
const itself = (folder) => ({
  from: { path: `^${folder}/` },
  to: { path: `^${folder}/`, ...(folder === 'drivers' ? { pathNot: '^drivers/decode/' } : {}) },
});

module.exports = {
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(out|dist)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
  allowedSeverity: 'error',
  allowed: [
    ...Object.keys(MAY_IMPORT)
      .filter((folder) => folder !== 'renderer/features')
      .map(itself),
    // One feature never knows another.
    { from: { path: '^renderer/features/([^/]+)/' }, to: { path: '^renderer/features/$1/' } },
    ...Object.entries(MAY_IMPORT).flatMap(([folder, names]) =>
      names.map((name) => ({
        from: { path: `^${folder}/`, ...(folder === 'drivers' ? { pathNot: '^drivers/decode/' } : {}) },
        to: toTarget(name),
      })),
    ),
    { from: { path: '^(tests|build)/' }, to: {} },
    { from: { path: '^\\.' }, to: {} },
  ],
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      // Types may name each other; code that runs may not.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-import-of-tests-or-build',
      severity: 'error',
      from: { pathNot: '^(tests|build)/' },
      to: { path: '^(tests|build)/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
};
