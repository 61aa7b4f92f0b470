import { issueCard } from './commands/cards-issue.ts';
import { replaceCard } from './commands/cards-replace.ts';
import { reportLostCard } from './commands/cards-report-lost.ts';
import { closeDay } from './commands/day-close.ts';
import {
  assignDevice,
  forgetDevice,
  identifyDevices,
  setScanRules,
  soundDevice,
  startLearning,
  stopLearning,
} from './commands/devices.ts';
import { recordConsent } from './commands/consents-record.ts';
import { spendCredit } from './commands/credit-spend.ts';
import { topUpCredit } from './commands/credit-top-up.ts';
import { undoEntry } from './commands/entries-undo.ts';
import { answerInbox } from './commands/inbox-answer.ts';
import { addMember } from './commands/members-add.ts';
import { anonymiseMember } from './commands/members-anonymise.ts';
import { editMember } from './commands/members-edit.ts';
import { mergeMembers, unmergeMembers } from './commands/members-merge.ts';
import { setMemberState } from './commands/members-set-state.ts';
import { creditPoints } from './commands/points-credit.ts';
import { debitPoints } from './commands/points-debit.ts';
import { redeemReward } from './commands/rewards-redeem.ts';
import { resolveScannedText, setPreferences, setScanner } from './commands/settings.ts';
import { addStamps } from './commands/stamps-add.ts';
import { runSync } from './commands/sync-run.ts';
import { enrolTill } from './commands/till-enrol.ts';
import { addVisits } from './commands/visits-add.ts';
import { deductVisits } from './commands/visits-deduct.ts';
import type { Handlers } from './ctx.ts';
import { getClose } from './queries/day-get-close.ts';
import { listCloses } from './queries/day-list-closes.ts';
import { getDayFigures } from './queries/day-get-figures.ts';
import { getHeld } from './queries/inbox-get-held.ts';
import { listInbox } from './queries/inbox-list.ts';
import { findDuplicateMembers } from './queries/members-find-duplicates.ts';
import { getMember } from './queries/members-get.ts';
import { listRecentMembers } from './queries/members-list-recent.ts';
import { lookupMembers } from './queries/members-lookup.ts';
import { lookupMembersOnline } from './queries/members-lookup-online.ts';
import { diagnoseTill } from './queries/till-diagnose.ts';
import { getTill } from './queries/till-get.ts';
import { verifyTill } from './queries/till-verify.ts';

/**
 * A handler for every call; a missing one does not compile. Sign-in and -out belong to the connection
 * (`server.ts`).
 */
export const handlers: Omit<Handlers, 'session.signIn' | 'session.signOut'> = {
  'core.ping': () => ({}),
  'till.get': getTill,
  'till.enrol': enrolTill,
  'till.verify': verifyTill,
  'till.diagnose': diagnoseTill,
  'preferences.set': setPreferences,
  'sync.getStatus': (ctx) => ctx.sync.status(),
  'sync.run': runSync,
  'scanner.get': (ctx) => ctx.devices.rack.portView(),
  'scanner.set': setScanner,
  'scans.resolve': resolveScannedText,
  'devices.list': (ctx) => ctx.devices.list(),
  'devices.assign': assignDevice,
  'devices.forget': forgetDevice,
  'devices.identify': identifyDevices,
  'devices.tone': soundDevice,
  'devices.learn.start': startLearning,
  'devices.learn.stop': stopLearning,
  'devices.diagnosis': (ctx) => ctx.devices.diagnose(),
  'devices.getRules': (ctx) => ctx.devices.rules(),
  'devices.setRules': setScanRules,
  'day.getFigures': getDayFigures,
  'day.close': closeDay,
  'day.getClose': getClose,
  'day.listCloses': listCloses,
  'members.lookup': lookupMembers,
  'members.lookupOnline': lookupMembersOnline,
  'members.get': getMember,
  'members.listRecent': listRecentMembers,
  'members.findDuplicates': findDuplicateMembers,
  'members.add': addMember,
  'members.edit': editMember,
  'members.setState': setMemberState,
  'members.merge': mergeMembers,
  'members.unmerge': unmergeMembers,
  'members.anonymise': anonymiseMember,
  'inbox.list': listInbox,
  'inbox.getHeld': getHeld,
  'inbox.answer': answerInbox,
  'consents.record': recordConsent,
  'cards.issue': issueCard,
  'cards.replace': replaceCard,
  'cards.reportLost': reportLostCard,
  'stamps.add': addStamps,
  'points.credit': creditPoints,
  'points.debit': debitPoints,
  'visits.deduct': deductVisits,
  'visits.add': addVisits,
  'credit.topUp': topUpCredit,
  'credit.spend': spendCredit,
  'rewards.redeem': redeemReward,
  'entries.undo': undoEntry,
};
