import { CardTypeId, type CardId, type OpId, OpId as OpIdForm } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import type { CoreClient } from '../../contract/index.ts';
import type { ActionReply } from '../../contract/views.ts';
import { type Arguments, UsageError } from './arguments.ts';
import {
  type Command,
  NEEDED_TEXT,
  NEEDED_UNITS,
  type OptionForm,
  TEXT,
  textOf,
  UNITS,
  unitsOf,
} from './command.ts';
import { cardOutcome } from './shapes.ts';
import { findCardId, findMemberId, toCardNumber } from './targets.ts';

interface OnCard {
  client: CoreClient;
  on: { opId: OpId; cardId: CardId };
  text: (name: string) => string;
  units: (name: string, otherwise?: number) => number;
}

interface CardForm {
  name: string;
  about: string;
  options: Readonly<Record<string, OptionForm>>;
  check?: (args: Arguments) => void;
  act: (target: OnCard, args: Arguments) => Promise<ActionReply>;
}

/** A command on one card: finds the card, acts, shows the card. */
const onCard = ({ act, ...form }: CardForm): Command => ({
  ...form,
  operands: ['CARD'],
  run: async ({ args, opId, open }) => {
    const client = await open('write');
    const cardId = await findCardId(client, must(args.operands[0], 'the form has one operand'));
    const target: OnCard = {
      client,
      on: { opId, cardId },
      text: (name) => textOf(args, name) ?? '',
      units: (name, otherwise) => must(unitsOf(args, name) ?? otherwise, `--${name} was checked`),
    };
    return cardOutcome(await act(target, args));
  },
});

const numberOf = (args: Arguments) => {
  const number = textOf(args, 'number');
  return number === null ? null : toCardNumber(number);
};

const issueCard: Command = {
  name: 'issue-card',
  operands: ['MEMBER'],
  options: { 'card-type': NEEDED_TEXT, number: TEXT },
  about: "gives a member a card, of this till's numbers or of a printed one",
  run: async ({ args, opId, open }) => {
    const cardNumber = numberOf(args);
    const client = await open('write');
    const memberId = await findMemberId(client, must(args.operands[0], 'the form has one operand'));
    const cardTypeId = CardTypeId.parse(textOf(args, 'card-type'));
    return cardOutcome(await client['cards.issue']({ opId, memberId, cardTypeId, cardNumber }));
  },
};

const undo: Command = {
  name: 'undo',
  operands: ['OP'],
  options: { reason: TEXT },
  about: 'counters an entry of this till',
  check: ({ operands }) => {
    if (!OpIdForm.safeParse(operands[0]).success)
      throw new UsageError('OP is the opId that the command printed, a UUID');
  },
  run: async ({ args, opId, open }) => {
    const undoesOpId = OpIdForm.parse(args.operands[0]?.toLowerCase());
    const client = await open('write');
    return cardOutcome(
      await client['entries.undo']({ opId, undoesOpId, reason: textOf(args, 'reason') ?? '' }),
    );
  },
};

const points: readonly Command[] = [
  onCard({
    name: 'credit',
    about: 'points for a purchase (--amount, minor units), or by hand (--points, a manager)',
    options: { amount: UNITS, points: UNITS, receipt: TEXT, reason: TEXT },
    check: (args) => {
      if ((unitsOf(args, 'amount') === null) === (unitsOf(args, 'points') === null)) {
        throw new UsageError('credit takes either --amount or --points');
      }
    },
    act: ({ client, on, text }, args) =>
      client['points.credit']({
        ...on,
        amountMinor: unitsOf(args, 'amount'),
        points: unitsOf(args, 'points'),
        receiptNo: text('receipt'),
        reason: text('reason'),
      }),
  }),
  onCard({
    name: 'debit',
    about: 'takes points off',
    options: { points: NEEDED_UNITS, reason: TEXT },
    act: ({ client, on, text, units }) =>
      client['points.debit']({ ...on, points: units('points'), reason: text('reason') }),
  }),
];

const movements: readonly Command[] = [
  onCard({
    name: 'stamp',
    about: 'adds a stamp',
    options: { count: UNITS },
    act: ({ client, on, units }) => client['stamps.add']({ ...on, count: units('count', 1) }),
  }),
  onCard({
    name: 'visit',
    about: 'takes a visit off',
    options: { count: UNITS },
    act: ({ client, on, units }) => client['visits.deduct']({ ...on, count: units('count', 1) }),
  }),
  onCard({
    name: 'add-visits',
    about: 'adds bought visits',
    options: { count: NEEDED_UNITS, receipt: TEXT },
    act: ({ client, on, text, units }) =>
      client['visits.add']({ ...on, count: units('count'), receiptNo: text('receipt') }),
  }),
  onCard({
    name: 'top-up',
    about: 'adds paid-in credit, in minor units',
    options: { minor: NEEDED_UNITS, receipt: TEXT },
    act: ({ client, on, text, units }) =>
      client['credit.topUp']({ ...on, creditMinor: units('minor'), receiptNo: text('receipt') }),
  }),
  onCard({
    name: 'spend',
    about: 'takes credit off, in minor units',
    options: { minor: NEEDED_UNITS, receipt: TEXT },
    act: ({ client, on, text, units }) =>
      client['credit.spend']({ ...on, creditMinor: units('minor'), receiptNo: text('receipt') }),
  }),
  onCard({
    name: 'redeem',
    about: 'gives a reward for its cost',
    options: { reward: NEEDED_TEXT },
    act: ({ client, on, text }) => client['rewards.redeem']({ ...on, rewardId: text('reward') }),
  }),
  onCard({
    name: 'replace-card',
    about: 'a new card takes over the balance, the old number is dead',
    options: { reason: TEXT, number: TEXT },
    act: ({ client, on, text }, args) =>
      client['cards.replace']({ ...on, reason: text('reason'), cardNumber: numberOf(args) }),
  }),
];

export const cardCommands: readonly Command[] = [issueCard, ...movements, ...points, undo];
