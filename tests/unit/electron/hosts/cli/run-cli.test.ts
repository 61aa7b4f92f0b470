import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../../../electron/contract/errors.ts';
import { runCli, type CliIo } from '../../../../../electron/hosts/cli/run-cli.ts';
import { makeFolder } from '../folder.ts';

const WHO = ['--as', 'manager', '--pin', '739205'];
const UUID = '0190a5f0-0000-7000-8000-000000000000';

function createIo(openCore: CliIo['openCore'], env: NodeJS.ProcessEnv = {}) {
  const written = { out: '', err: '' };
  const io: CliIo = {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    env,
    openCore,
  };
  return { io, written };
}

const neverOpened = (): never => {
  throw new Error('the till was opened');
};

/** Runs with `--json` and returns the exit code and the one object. */
async function run(argv: readonly string[], openCore: CliIo['openCore'] = neverOpened) {
  const { io, written } = createIo(openCore);
  const exitCode = await runCli([...argv, '--json'], io);
  expect(written).toEqual({ out: expect.stringMatching(/^[^\n]+\n$/), err: '' });
  return {
    exitCode,
    ...(JSON.parse(written.out) as { ok: boolean; code?: string; message?: string; data?: object }),
  };
}

test.each([
  ['no command', []],
  ['an unknown command', ['fly']],
  ['nothing to decode', ['decode', '--profile', 'cr']],
  ['bytes of no profile', ['decode', '0D']],
  ['a profile that does not exist', ['decode', '--profile', 'fast', '0D']],
  ['bytes that are none', ['decode', '--profile', 'cr', 'xyz']],
  ['bytes in a form that does not exist', ['decode', '--profile', 'cr', '--input', 'morse', '0D']],
  ['a day that is none', ['close-day', '--day', '2026-02-30', ...WHO]],
  ['no operand', ['stamp', ...WHO]],
  ['an operand too many', ['stamp', '1', '2', ...WHO]],
  ['an operand where none belongs', ['sync', 'now']],
  ['an unknown option', ['stamp', '1', '--stamps', '2', ...WHO]],
  ['an option of another command', ['visit', '1', '--minor', '2', ...WHO]],
  ['an option without its value', ['stamp', '1', '--count']],
  ['an amount of zero', ['stamp', '1', '--count', '0', ...WHO]],
  ['an amount below zero', ['spend', '1', '--minor=-5', ...WHO]],
  ['an amount with decimals', ['credit', '1', '--amount', '12.50', ...WHO]],
  ['an amount in words', ['top-up', '1', '--minor', 'ten', ...WHO]],
  ['an amount in hex', ['top-up', '1', '--minor', '0x10', ...WHO]],
  ['an amount beyond whole numbers', ['top-up', '1', '--minor', '9'.repeat(17), ...WHO]],
  ['a missing option', ['top-up', '1', ...WHO]],
  ['neither amount nor points', ['credit', '1', ...WHO]],
  ['amount and points', ['credit', '1', '--amount', '1', '--points', '1', ...WHO]],
  ['no reason', ['block', '1', ...WHO]],
  ['no reward', ['redeem', '1', ...WHO]],
  ['no card type', ['issue-card', '1', ...WHO]],
  ['a member without a name', ['add-member', '--mobile', '91110001', ...WHO]],
  ['a member without a mobile', ['add-member', '--name', 'Tan', ...WHO]],
  ['a name twice', ['add-member', '--name', 'Tan', '--last-name', 'Tan', '--mobile', '9', ...WHO]],
  ['a number without a card type', ['add-member', '--name', 'Tan', '--mobile', '9', '--number', '1', ...WHO]],
  ['a truth that is none', ['add-member', '--name', 'T', '--mobile', '9', '--marketing', 'maybe', ...WHO]],
  ['a gender that is no choice', ['edit', '1', '--gender', 'x', ...WHO]],
  ['an edit of nothing', ['edit', '1', ...WHO]],
  ['an op that is no UUID', ['undo', '17', ...WHO]],
  ['an op id that is no UUID', ['stamp', '1', '--op-id', '17', ...WHO]],
  ['a person without a PIN', ['stamp', '1', '--as', 'manager']],
  ['a PIN without a person', ['stamp', '1', '--pin', '739205']],
  ['a server that is no address', ['enrol', '--server', 'crm', '--code', 'ABCDE-FGHIJ']],
  ['a till without a name', ['till-lost', ' ', '--server', 'http://127.0.0.1:9', ...WHO]],
  ['a server of another kind', ['enrol', '--server', 'file:///etc', '--code', 'ABCDE-FGHIJ']],
])('%s is written wrong: exit code 2 before anything is opened', async (_what, argv) => {
  expect(await run(argv)).toMatchObject({ exitCode: 2, ok: false, code: 'bad_request' });
});

test.each([
  [['add-member', '--name', 'Tan', '--mobile', '91110001']],
  [['issue-card', 'M', '--card-type', 'coffee']],
  [['stamp', 'C']],
  [['credit', 'C', '--amount', '100']],
  [['debit', 'C', '--points', '1']],
  [['visit', 'C']],
  [['add-visits', 'C', '--count', '10']],
  [['top-up', 'C', '--minor', '100']],
  [['spend', 'C', '--minor', '100']],
  [['redeem', 'C', '--reward', 'cake']],
  [['replace-card', 'C']],
  [['undo', UUID]],
  [['edit', 'M', '--notes', 'x']],
  [['lock', 'M', '--reason', 'x']],
  [['unlock', 'M', '--reason', 'x']],
  [['block', 'M', '--reason', 'x']],
  [['unblock', 'M', '--reason', 'x']],
  [['enrol-code', '--server', 'http://127.0.0.1:9']],
  [['import-spill', 'spill.log', '--server', 'http://127.0.0.1:9']],
  [['till-lost', 'till-1', '--server', 'http://127.0.0.1:9']],
])('%j without a person is refused before the till is opened', async (argv) => {
  expect(await run(argv)).toMatchObject({ exitCode: 1, ok: false, code: 'signin_required' });
});

test('a folder without a till is told and left as it is', async () => {
  const dataDir = join(makeFolder(), 'typo');
  for (const argv of [['lookup', 'Tan'], ['sync'], ['verify'], ['stamp', '1', ...WHO]]) {
    expect(await run([...argv, '--data', dataDir])).toMatchObject({ exitCode: 1, code: 'not_enrolled' });
  }
  expect(existsSync(dataDir)).toBe(false);
});

test('doctor looks at a till that does not open, and says why', async () => {
  const dataDir = makeFolder();
  writeFileSync(join(dataDir, 'till.db'), 'ciphertext');
  const { exitCode, data } = await run(['doctor', '--data', dataDir]);
  expect({ exitCode, data }).toMatchObject({
    exitCode: 0,
    data: { dataDir, keyFile: 'missing', problem: { code: 'key_missing' } },
  });
});

function keyFolder(): string {
  const dataDir = makeFolder();
  writeFileSync(join(dataDir, 'till.key'), 'a'.repeat(64), { mode: 0o600 });
  return dataDir;
}

test('what keeps the till from opening is a refusal with its own code', async () => {
  const openCore = () => {
    throw new AppError('till_damaged', 'Damaged; nothing was changed.');
  };
  expect(await run(['verify', '--data', keyFolder()], openCore)).toEqual({
    exitCode: 1,
    ok: false,
    code: 'till_damaged',
    message: 'Damaged; nothing was changed.',
  });
});

test('a fault of the program is exit code 3, and still one object', async () => {
  const openCore = () => {
    throw new TypeError('undefined is not a function');
  };
  expect(await run(['verify', '--data', keyFolder()], openCore)).toMatchObject({
    exitCode: 3,
    ok: false,
    code: 'bug',
  });
});

test('a folder that is held and serves nobody is in use, for reads and writes', async () => {
  const openCore = () => {
    throw new AppError('in_use', 'Held.');
  };
  const dataDir = keyFolder();
  expect(await run(['verify', '--data', dataDir], openCore)).toMatchObject({ exitCode: 1, code: 'in_use' });
  expect(await run(['stamp', '1', '--data', dataDir, ...WHO], openCore)).toMatchObject({
    exitCode: 1,
    code: 'in_use',
  });
});

test('people get words: answers on stdout, refusals on stderr', async () => {
  const refused = createIo(neverOpened);
  expect(await runCli(['stamp', '1'], refused.io)).toBe(1);
  expect(refused.written).toEqual({
    out: '',
    err: expect.stringMatching(/^signin_required: .*--as STAFF --pin PIN/),
  });
  const helped = createIo(neverOpened);
  expect(await runCli(['--help'], helped.io)).toBe(0);
  expect(helped.written).toEqual({ out: expect.stringContaining('replace-card'), err: '' });
});

test('help of one command shows its form', async () => {
  const { io, written } = createIo(neverOpened);
  expect(await runCli(['credit', '--help'], io)).toBe(0);
  expect(written.out).toMatch(/^credit CARD \[--amount N\] \[--points N\] \[--receipt TEXT\]/);
});

test('options may stand before the command', async () => {
  expect(await run(['--reason', 'x', '--data', '/nowhere', 'lock', 'M'])).toMatchObject({
    code: 'signin_required',
  });
});

test('the folder is the one that is named, else the installed till, else the demo shop', async () => {
  const home = makeFolder();
  const shown = async (env: NodeJS.ProcessEnv, ...argv: string[]) => {
    const { io, written } = createIo(neverOpened, env);
    await runCli(['doctor', '--json', ...argv], io);
    return (JSON.parse(written.out) as { data: { dataDir: string } }).data.dataDir;
  };
  const env = { XDG_CONFIG_HOME: home, APPDATA: home, COUNTERFOIL_DEMO_DIR: join(home, 'demo') };
  expect(await shown(env)).toBe(join(home, 'demo', 'till'));
  expect(await shown({ ...env, COUNTERFOIL_DATA: join(home, 'env') })).toBe(join(home, 'env'));
  expect(await shown({ ...env, COUNTERFOIL_DATA: join(home, 'env') }, '--data', home)).toBe(home);
  mkdirSync(join(home, 'counterfoil', 'till'), { recursive: true });
  writeFileSync(join(home, 'counterfoil', 'till', 'till.key'), '', { mode: 0o600 });
  expect(await shown(env)).toBe(join(home, 'counterfoil', 'till'));
});
