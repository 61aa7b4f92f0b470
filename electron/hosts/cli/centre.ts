import { readFile } from 'node:fs/promises';
import { AppError } from '../../contract/errors.ts';
import { bringSpill } from '../../core/bring-spill.ts';
import { createCentreClient } from '../../core/centre-client.ts';
import { askEnrolCode } from '../../core/enrol-code.ts';
import { reportLostTill } from '../../core/report-lost-till.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Command, FLAG, NEEDED_TEXT, TEXT, textOf } from './command.ts';

function checkServer(args: Arguments): void {
  const server = textOf(args, 'server') ?? '';
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) {
    throw new UsageError('--server is the address of the centre, as in https://crm.example.org');
  }
}

/** @throws AppError `signin_required` When nobody is named; `what` says who may. */
function managerIn({ login, pin }: Arguments, what: string): { login: string; pin: string } {
  if (login !== null && pin !== null) return { login, pin };
  throw new AppError('signin_required', `${what} Nothing was changed; add --as and --pin.`);
}

function checkCode(args: Arguments): void {
  checkServer(args);
  if (!['till', 'office'].includes(textOf(args, 'kind') ?? 'till'))
    throw new UsageError('--kind is till or office');
}

const enrolCode: Command = {
  name: 'enrol-code',
  operands: [],
  options: { server: NEEDED_TEXT, store: TEXT, kind: TEXT },
  about: 'a one-time code for a new till (or --kind office), given to a manager (--as, --pin) by the centre',
  check: checkCode,
  run: async ({ args }) => {
    const { login, pin } = managerIn(args, 'Only a manager gets a code.');
    const storeId = textOf(args, 'store');
    const reply = await askEnrolCode(textOf(args, 'server') ?? '', {
      ...{ login, pin, storeId },
      ...(textOf(args, 'kind') === 'office' ? { kind: 'office' as const } : {}),
    });
    const until = new Date(reply.expiresAtMs).toISOString();
    return { data: { ...reply }, text: `${reply.code}  for store ${reply.storeId}, good until ${until}` };
  },
};

const enrol: Command = {
  name: 'enrol',
  operands: [],
  options: { server: NEEDED_TEXT, code: NEEDED_TEXT, 'till-name': TEXT },
  about: 'makes the folder a till of a chain and fetches its members',
  check: checkServer,
  run: async ({ args, open }) => {
    const client = await open('enrol');
    const reply = await client['till.enrol']({
      serverUrl: textOf(args, 'server') ?? '',
      code: textOf(args, 'code') ?? '',
      tillName: textOf(args, 'till-name') ?? '',
    });
    return {
      data: { ...reply },
      text: `till ${reply.tillId} of store ${reply.storeId}, ${reply.members} members`,
    };
  },
};

const importSpill: Command = {
  name: 'import-spill',
  operands: ['FILE'],
  options: { server: NEEDED_TEXT },
  about:
    'brings the spill.log of a lost till to the centre, for a manager (--as, --pin); again changes nothing',
  check: checkServer,
  run: async ({ args }) => {
    const { login, pin } = managerIn(args, 'Only a manager brings a till’s file.');
    const path = args.operands[0] ?? '';
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new AppError('bad_request', 'The file can not be read. Nothing was changed; check the path.', {
        cause,
      });
    });
    const reply = await bringSpill(textOf(args, 'server') ?? '', { login, pin }, bytes);
    const { booked, known, kept, refused } = reply;
    const text = `booked ${booked}, known already ${known}, waiting for a manager ${kept}, refused ${refused}`;
    return { data: { ...reply }, text };
  },
};

function checkTill(args: Arguments): void {
  checkServer(args);
  if ((args.operands[0] ?? '').trim() === '') throw new UsageError('TILL is the id of a till, or its name');
}

const IS_LOST =
  'is stopped, what was set aside for it is free. What it had sent is safe; what it had not stays on it: ' +
  'bring the spill.log of its folder, or of a copy, with import-spill. Found again, it comes back by a code (enrol-code).';
const GOES_ON =
  'goes on; what was set aside for it before it began anew last is free. Nothing else was changed. ' +
  'Is it lost, say so without --only-free.';

const tillLost: Command = {
  name: 'till-lost',
  operands: ['TILL'],
  options: { server: NEEDED_TEXT, 'only-free': FLAG },
  about:
    'stops a lost till (id or name) for good and frees what was set aside for it, for a manager (--as, --pin); ' +
    '--only-free: it goes on',
  check: checkTill,
  run: async ({ args }) => {
    const { login, pin } = managerIn(args, 'Only a manager reports a till as lost.');
    const [till = ''] = args.operands;
    const isLost = args.values['only-free'] !== true;
    const centre = createCentreClient({ serverUrl: textOf(args, 'server') ?? '' });
    await reportLostTill(centre, till.trim(), { login, pin, isLost });
    return { data: { till: till.trim(), isLost }, text: `${till.trim()} ${isLost ? IS_LOST : GOES_ON}` };
  },
};

export const centreCommands: readonly Command[] = [enrolCode, enrol, importSpill, tillLost];
