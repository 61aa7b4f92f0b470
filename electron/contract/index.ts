import type { z } from 'zod';
import { cards } from './cards.ts';
import { closes } from './closes.ts';
import { devices } from './devices.ts';
import { inbox } from './inbox.ts';
import { members } from './members.ts';
import { till } from './till.ts';

/** Every call that a page, the command line or an office may make. */
export const contract = { ...till, ...members, ...cards, ...closes, ...inbox, ...devices };
export type Contract = typeof contract;
export type MethodName = keyof Contract;
/** What a caller passes. */
export type CallInput<Name extends MethodName> = z.input<Contract[Name]['input']>;
/** What a handler gets, parsed. */
export type Input<Name extends MethodName> = z.output<Contract[Name]['input']>;
export type Output<Name extends MethodName> = z.output<Contract[Name]['output']>;

export type CoreClient = { [Name in MethodName]: (input: CallInput<Name>) => Promise<Output<Name>> };
