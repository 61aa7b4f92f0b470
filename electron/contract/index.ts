import type { z } from 'zod';
import { cardList } from './card-list.ts';
import { cards } from './cards.ts';
import { closes } from './closes.ts';
import { devices } from './devices.ts';
import { directory } from './directory.ts';
import { documents } from './documents.ts';
import { exports } from './exports.ts';
import { imports } from './imports.ts';
import { inbox } from './inbox.ts';
import { log } from './log.ts';
import { members } from './members.ts';
import { purchases } from './purchases.ts';
import { messages } from './messages.ts';
import { programmes } from './programmes.ts';
import { records } from './records.ts';
import { segments } from './segments.ts';
import { shopDay } from './shop-day.ts';
import { till } from './till.ts';

/** Every call that a page, the command line or an office may make. */
export const contract = {
  ...till,
  ...members,
  ...cards,
  ...closes,
  ...inbox,
  ...devices,
  ...imports,
  ...exports,
  ...directory,
  ...documents,
  ...purchases,
  ...cardList,
  ...programmes,
  ...segments,
  ...records,
  ...messages,
  ...shopDay,
  ...log,
};
export type Contract = typeof contract;
export type MethodName = keyof Contract;
/** What a caller passes. */
export type CallInput<Name extends MethodName> = z.input<Contract[Name]['input']>;
/** What a handler gets, parsed. */
export type Input<Name extends MethodName> = z.output<Contract[Name]['input']>;
export type Output<Name extends MethodName> = z.output<Contract[Name]['output']>;

export type CoreClient = { [Name in MethodName]: (input: CallInput<Name>) => Promise<Output<Name>> };
