import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '../../sync/base/ids.ts';
import { PINS } from '../parts/shop.ts';
import { KEY_HEX, seedFolder } from '../parts/till.ts';
import { type Cli, type CliCard, type CliMember, cliOf } from './cli.ts';

const as = (login: keyof typeof PINS): string[] => ['--as', login, '--pin', PINS[login]];
const CASHIER = as('cashier');
const SUPERVISOR = as('supervisor');
const MANAGER = as('manager');

let root: string;
let tills = 0;
let cli: Cli;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'counterfoil-cli-'));
  await seedFolder(join(root));
  writeFileSync(join(root, 'till.key'), `${KEY_HEX}\n`, { mode: 0o600 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeEach(() => {
  tills += 1;
  const dataDir = join(root, `till-${tills}`);
  for (const name of ['till.key', 'till.db', 'replica.db']) cpSync(join(root, name), join(dataDir, name));
  cli = cliOf(dataDir);
});

const add = async (name: string, mobile: string, ...argv: string[]): Promise<CliMember> => {
  const { data } = await cli<CliMember>(
    'add-member',
    '--name',
    name,
    '--mobile',
    mobile,
    ...argv,
    ...CASHIER,
  );
  return data;
};
const first = (member: CliMember): CliCard => {
  const [card] = member.cards;
  if (!card) throw new Error('the member has no card');
  return card;
};
const cardOf = async (cardType: string): Promise<CliCard> => {
  const member = await add('Tan', '+65 9111 0001', '--card-type', cardType);
  return { ...first(member), memberId: member.memberId };
};

test('a member is enrolled with a card and found by phone, card and name', async () => {
  const member = await add(
    'Tan, Wei Ling',
    '9111 0001',
    '--card-type',
    'coffee',
    '--email',
    'Wei@Example.org',
    '--dob',
    '17/03/1990',
    '--marketing',
    'yes',
  );
  expect(member).toMatchObject({
    name: 'Tan Wei Ling',
    state: 'active',
    hasMarketingConsent: true,
    fields: {
      lastName: 'Tan',
      firstName: 'Wei Ling',
      mobile: null,
    },
    // As far as a cashier sees her, whoever asks.
    masked: { mobile: '+65 9••• •001', email: 'w•••@e•••.org', dateOfBirth: '••••' },
    cards: [
      {
        cardType: 'Coffee card',
        kind: 'stamp',
        status: 'active',
        balance: { confirmed: 0, pending: 0, unit: 'stamps' },
      },
    ],
  });
  for (const text of [
    ['9111-0001'],
    ['0001'],
    [first(member).number],
    ['wei', 'ling'],
    ['wei@example.org'],
    [member.supportId],
  ]) {
    const { exitCode, data } = await cli<{ members: CliMember[] }>('lookup', ...text);
    expect({ exitCode, members: data.members }).toMatchObject({
      exitCode: 0,
      members: [
        {
          memberId: member.memberId,
          name: 'Tan Wei Ling',
          state: 'active',
          cards: [{ number: first(member).number }],
        },
      ],
    });
  }
});

test('a lookup that finds nobody is no refusal', async () => {
  expect(await cli('lookup', 'nobody')).toMatchObject({ exitCode: 0, data: { members: [] } });
});

test('a member is named by id, support ID, look-up ID, phone, e-mail or card number', async () => {
  const member = await add(
    'Tan',
    '91110001',
    '--card-type',
    'coffee',
    '--lookup-id',
    'VIP 7',
    '--email',
    'tan@example.org',
  );
  const names = [
    member.memberId,
    member.supportId,
    'vip7',
    '+65 9111 0001',
    'TAN@example.org',
    first(member).number,
  ];
  for (const name of names) {
    const { exitCode, data } = await cli('issue-card', name, '--card-type', 'points', ...CASHIER);
    expect({ exitCode, data }).toMatchObject({
      exitCode: 0,
      data: {
        memberId: member.memberId,
        cardType: 'Points',
        kind: 'points',
        status: 'active',
        number: expect.stringMatching(/^603555\d{10}$/),
      },
    });
  }
});

test('each action answers with the card as it then is, and the op', async () => {
  const stamp = await cardOf('coffee');
  const pendingAfter = async (command: string, ...argv: string[]) => {
    const { exitCode, data, code } = await cli(command, ...argv);
    expect({ exitCode, code, opId: data?.opId }).toEqual({
      exitCode: 0,
      code: undefined,
      opId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    return data.balance.pending;
  };
  expect(await pendingAfter('stamp', stamp.number, ...CASHIER)).toBe(1);
  expect(await pendingAfter('stamp', stamp.cardId, '--count', '9', ...CASHIER)).toBe(10);
  expect(await pendingAfter('redeem', stamp.number, '--reward', 'free-coffee', ...CASHIER)).toBe(0);

  const { data: points } = await cli('issue-card', stamp.memberId, '--card-type', 'points', ...CASHIER);
  expect(
    await pendingAfter('credit', points.number, '--amount', '1250', '--receipt', 'R-1', ...CASHIER),
  ).toBe(12);
  expect(await pendingAfter('credit', points.number, '--points', '8', '--reason', 'sorry', ...MANAGER)).toBe(
    20,
  );
  expect(await pendingAfter('debit', points.number, '--points', '5', '--reason', 'wrong', ...MANAGER)).toBe(
    15,
  );

  const { data: passes } = await cli('issue-card', stamp.memberId, '--card-type', 'passes', ...CASHIER);
  expect(await pendingAfter('add-visits', passes.number, '--count', '10', ...CASHIER)).toBe(10);
  expect(await pendingAfter('visit', passes.number, ...CASHIER)).toBe(9);

  const early = await cli('issue-card', stamp.memberId, '--card-type', 'prepaid', ...CASHIER);
  expect(early.code).toBe('credit_not_allowed');
  await cli('edit', stamp.memberId, '--is-credit-allowed', 'yes', ...MANAGER);
  const { data: prepaid } = await cli('issue-card', stamp.memberId, '--card-type', 'prepaid', ...CASHIER);
  expect(await pendingAfter('top-up', prepaid.number, '--minor', '2000', ...CASHIER)).toBe(2000);
  expect(await pendingAfter('spend', prepaid.number, '--minor', '750', ...CASHIER)).toBe(1250);
});

test('an entry is undone once', async () => {
  const card = await cardOf('coffee');
  const { data: stamped } = await cli('stamp', card.number, '--count', '3', ...CASHIER);
  const { data: undone } = await cli('undo', stamped.opId, ...CASHIER);
  expect(undone).toMatchObject({ cardId: card.cardId, balance: { pending: 0 } });
  expect(await cli('undo', stamped.opId, ...CASHIER)).toMatchObject({ exitCode: 1, code: 'already_undone' });
});

test('a replaced card hands its balance over, and its number says what happened', async () => {
  const card = await cardOf('coffee');
  await cli('stamp', card.number, '--count', '4', ...CASHIER);
  const opId = newId();
  const { data: fresh } = await cli(
    'replace-card',
    card.number,
    '--reason',
    'broken',
    '--op-id',
    opId,
    ...SUPERVISOR,
  );
  expect(fresh).toMatchObject({ memberId: card.memberId, status: 'active', balance: { pending: 4 } });
  expect(fresh.number).not.toBe(card.number);
  expect(await cli('stamp', card.number, ...CASHIER)).toMatchObject({ exitCode: 1, code: 'card_replaced' });
  // By the old number again, as a script that lost its answer would.
  const again = await cli('replace-card', card.number, '--reason', 'broken', '--op-id', opId, ...SUPERVISOR);
  expect(again).toMatchObject({ exitCode: 0, data: { cardId: fresh.cardId, opId } });
});

test('the same op id again does nothing twice', async () => {
  const opId = newId();
  const enrol = () =>
    cli<CliMember>(
      'add-member',
      '--name',
      'Lim',
      '--mobile',
      '91110009',
      '--card-type',
      'coffee',
      '--op-id',
      opId,
      ...CASHIER,
    );
  const member = (await enrol()).data;
  expect((await enrol()).data).toMatchObject({
    memberId: member.memberId,
    opId,
    cards: [{ cardId: first(member).cardId }],
  });
  const stampId = newId();
  for (let time = 0; time < 3; time += 1) {
    const { data } = await cli('stamp', first(member).number, '--op-id', stampId, ...CASHIER);
    expect(data).toMatchObject({ opId: stampId, balance: { pending: 1 } });
  }
  expect(
    await cli('stamp', first(member).number, '--count', '2', '--op-id', stampId, ...CASHIER),
  ).toMatchObject({
    exitCode: 1,
    code: 'op_id_reused',
  });
});

test('fields are edited and emptied, states raised and lowered', async () => {
  const { memberId } = await add('Tan', '91110001', '--email', 'tan@example.org');
  const edited = await cli<CliMember>(
    'edit',
    '91110001',
    '--mobile',
    '9222 0002',
    '--email',
    '',
    '--notes',
    'likes oat milk',
    '--name',
    'Tan, Wei',
    ...MANAGER,
  );
  expect(edited.data).toMatchObject({
    memberId,
    name: 'Tan Wei',
    fields: { mobile: '+6592220002', email: null, notes: 'likes oat milk' },
  });
  const stateAfter = async (action: string) =>
    (await cli<CliMember>(action, memberId, '--reason', 'asked', ...MANAGER)).data.state;
  expect([
    await stateAfter('lock'),
    await stateAfter('unlock'),
    await stateAfter('block'),
    await stateAfter('unblock'),
  ]).toEqual(['locked', 'active', 'blocked', 'active']);
});

test('what fits several members is refused, and so is what fits nobody exactly', async () => {
  await add('Tan', '91110001', '--phone', '61110000', '--card-type', 'coffee');
  await add('Tan', '91110002', '--phone', '61110000', '--card-type', 'coffee');
  const lock = (member: string) => cli('lock', member, '--reason', 'x', ...MANAGER);
  expect(await lock('61110000')).toMatchObject({ exitCode: 1, code: 'ambiguous' });
  expect(await lock('Tan')).toMatchObject({ exitCode: 1, code: 'ambiguous' });
  expect(await lock('0001')).toMatchObject({ exitCode: 1, code: 'not_found' });
  expect(await lock(newId())).toMatchObject({ exitCode: 1, code: 'not_found' });
  expect(await cli('stamp', '61110000', ...CASHIER)).toMatchObject({ exitCode: 1, code: 'ambiguous' });
  expect(await cli('stamp', '6035550000000000', ...CASHIER)).toMatchObject({
    exitCode: 1,
    code: 'not_found',
  });
  expect(await cli('stamp', newId(), ...CASHIER)).toMatchObject({ exitCode: 1, code: 'not_found' });
});

test('rules refuse with their own code, exit code 1', async () => {
  const card = await cardOf('coffee');
  const refusals = [
    ['pin_wrong', await cli('stamp', card.number, '--as', 'cashier', '--pin', '000000')],
    ['not_allowed', await cli('block', card.memberId, '--reason', 'x', ...CASHIER)],
    ['action_not_offered', await cli('credit', card.number, '--amount', '500', ...CASHIER)],
    ['insufficient_balance', await cli('redeem', card.number, '--reward', 'free-coffee', ...CASHIER)],
    ['bad_request', await cli('stamp', card.number, '--count', '51', ...CASHIER)],
    ['mobile_taken', await cli('add-member', '--name', 'B', '--mobile', '91110001', ...CASHIER)],
    ['bad_request', await cli('edit', card.memberId, '--dob', '31/02/1990', ...CASHIER)],
    [
      'card_number_invalid',
      await cli('issue-card', card.memberId, '--card-type', 'points', '--number', '12', ...CASHIER),
    ],
    [
      'card_number_taken',
      await cli('issue-card', card.memberId, '--card-type', 'points', '--number', card.number, ...CASHIER),
    ],
    ['not_found', await cli('issue-card', card.memberId, '--card-type', 'no-such', ...CASHIER)],
    ['already_enrolled', await cli('enrol', '--server', 'http://127.0.0.1:9', '--code', 'ABCDE-FGHIJ')],
    ['centre_unreachable', await cli('sync')],
    ['centre_unreachable', await cli('enrol-code', '--server', 'http://127.0.0.1:9', ...MANAGER)],
  ] as const;
  expect(refusals.map(([, { exitCode, code }]) => [exitCode, code])).toEqual(
    refusals.map(([code]) => [1, code]),
  );
});

test('verify and doctor look at both files, without personal data', async () => {
  const { memberId } = await add('Tan, Wei Ling', '91110001', '--card-type', 'coffee');
  expect(await cli('verify')).toMatchObject({
    exitCode: 0,
    data: {
      ok: true,
      members: 0,
      cards: 0,
      ownOps: 1,
      cursor: 100,
      stateHash: expect.any(String),
      chainHead: expect.any(String),
    },
  });
  const doctor = await cli<object>('doctor');
  expect(doctor).toMatchObject({
    exitCode: 0,
    data: { problem: null, keyFile: 'present', sync: { outstanding: 1 } },
  });
  const text = JSON.stringify(doctor.data);
  for (const personal of ['Wei', '91110001', memberId, KEY_HEX]) expect(text).not.toContain(personal);
});
