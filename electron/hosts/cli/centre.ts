import { readFile } from 'node:fs/promises';
import { AppError } from '../../contract/errors.ts';
import { bringSpill } from '../../core/bring-spill.ts';
import { askEnrolCode } from '../../core/enrol-code.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Command, NEEDED_TEXT, TEXT, textOf } from './command.ts';

function checkServer(args: Arguments): void {
  const server = textOf(args, 'server') ?? '';
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) {
    throw new UsageError('--server is the address of the centre, as in https://crm.example.org');
  }
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
    const { login, pin } = args;
    if (login === null || pin === null) {
      throw new AppError(
        'signin_required',
        'Only a manager gets a code. Nothing was changed; add --as and --pin.',
      );
    }
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
    const { login, pin } = args;
    if (login === null || pin === null) {
      throw new AppError(
        'signin_required',
        'Only a manager brings a till’s file. Nothing was changed; add --as and --pin.',
      );
    }
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

export const centreCommands: readonly Command[] = [enrolCode, enrol, importSpill];
