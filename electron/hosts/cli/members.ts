import { CardTypeId } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { type Command, NEEDED_TEXT, TEXT, textOf, TRUTH } from './command.ts';
import { checkDraft, checkEdit, draftOptions, toDraft } from './draft.ts';
import { UsageError } from './arguments.ts';
import { memberOutcome, memberText, toHit } from './shapes.ts';
import { findMemberId, toCardNumber } from './targets.ts';

const operand = (operands: readonly string[]): string => must(operands[0], 'the form has one operand');

const lookup: Command = {
  name: 'lookup',
  operands: ['TEXT…'],
  options: {},
  about: 'members by card, phone in any notation, last four digits, look-up ID, e-mail, name',
  run: async ({ args, open }) => {
    const client = await open('read');
    const found = await client['members.lookup']({ text: args.operands.join(' ') });
    const lines = found.members.map(memberText);
    if (found.hasMore) lines.push('… and more: type more of it');
    return {
      data: {
        by: found.by,
        cardNumber: found.cardNumber,
        members: found.members.map(toHit),
        hasMore: found.hasMore,
      },
      text: lines.length === 0 ? 'nobody' : lines.join('\n'),
    };
  },
};

const addMember: Command = {
  name: 'add-member',
  operands: [],
  options: { ...draftOptions, 'card-type': TEXT, number: TEXT, marketing: TRUTH },
  about:
    'enrols a member; with --card-type the first card as well, --number for a card that is printed already',
  check: (args) => {
    checkDraft(args);
    if (textOf(args, 'name') === null && textOf(args, 'last-name') === null)
      throw new UsageError('--name is missing');
    if (textOf(args, 'mobile') === null) throw new UsageError('--mobile is missing');
    if (textOf(args, 'number') !== null && textOf(args, 'card-type') === null) {
      throw new UsageError('--number needs --card-type');
    }
  },
  run: async ({ args, opId, open }) => {
    const cardType = textOf(args, 'card-type');
    const number = textOf(args, 'number');
    const cardNumber = number === null ? null : toCardNumber(number);
    const client = await open('write');
    const reply = await client['members.add']({
      opId,
      draft: toDraft(args),
      cardTypeId: cardType === null ? null : CardTypeId.parse(cardType),
      cardNumber,
      hasMarketingConsent: args.values['marketing'] === true,
    });
    return memberOutcome(reply);
  },
};

const edit: Command = {
  name: 'edit',
  operands: ['MEMBER'],
  options: draftOptions,
  about: "changes fields of a member; an empty value empties the field, as in --email ''",
  check: checkEdit,
  run: async ({ args, opId, open }) => {
    const client = await open('write');
    const memberId = await findMemberId(client, operand(args.operands));
    const reply = await client['members.edit']({ opId, memberId, draft: toDraft(args) });
    // Saved by now: she is opened, for her whole profile is printed, and that is told of as any look.
    const member = await client['members.get']({ memberId }).catch(() => reply.member);
    return memberOutcome({ ...reply, member });
  },
};

const STATE_ACTIONS = {
  lock: 'look only from now on',
  unlock: 'served again',
  block: 'no service from now on',
  unblock: 'lifts a block',
} as const;

const stateCommand = (action: keyof typeof STATE_ACTIONS): Command => ({
  name: action,
  operands: ['MEMBER'],
  options: { reason: NEEDED_TEXT },
  about: STATE_ACTIONS[action],
  run: async ({ args, opId, open }) => {
    const client = await open('write');
    const memberId = await findMemberId(client, operand(args.operands));
    return memberOutcome(
      await client['members.setState']({ opId, memberId, action, reason: textOf(args, 'reason') ?? '' }),
    );
  },
});

export const memberCommands: readonly Command[] = [
  lookup,
  addMember,
  edit,
  stateCommand('lock'),
  stateCommand('unlock'),
  stateCommand('block'),
  stateCommand('unblock'),
];
