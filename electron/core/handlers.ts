import { closeCard } from './commands/cards-close.ts';
import { setCardData } from './commands/cards-set-data.ts';
import { issueCard } from './commands/cards-issue.ts';
import { replaceCard } from './commands/cards-replace.ts';
import { reportLostCard } from './commands/cards-report-lost.ts';
import { closeDay } from './commands/day-close.ts';
import {
  assignDevice,
  forgetDevice,
  identifyDevices,
  setScanner,
  setScanRules,
  soundDevice,
  startLearning,
  stopLearning,
} from './commands/devices.ts';
import { recordConsent } from './commands/consents-record.ts';
import { earnCredit } from './commands/credit-earn.ts';
import { spendCredit } from './commands/credit-spend.ts';
import { topUpCredit } from './commands/credit-top-up.ts';
import { runExpiry } from './commands/expiry-run.ts';
import { runTagRules } from './commands/tag-rules-run.ts';
import { beginExport, endExport, readExport } from './commands/directory-export.ts';
import { undoEntry } from './commands/entries-undo.ts';
import {
  beginImport,
  cancelImport,
  checkImport,
  openImport,
  putImport,
  startImport,
  undoImport,
} from './commands/imports.ts';
import { answerInbox } from './commands/inbox-answer.ts';
import { sendMessage } from './commands/messages-send.ts';
import { countMessage } from './queries/messages-count.ts';
import { listMessages, listSends } from './queries/messages-list.ts';
import { addMember } from './commands/members-add.ts';
import { anonymiseMember } from './commands/members-anonymise.ts';
import { editMember } from './commands/members-edit.ts';
import { mergeMembers, unmergeMembers } from './commands/members-merge.ts';
import { setMemberExtras } from './commands/members-set-extras.ts';
import { removeMember, restoreMember } from './commands/members-remove.ts';
import { revealMember } from './commands/members-reveal.ts';
import { saveDocument } from './commands/documents-save.ts';
import { editPurchase } from './commands/purchases-edit.ts';
import { setMemberState } from './commands/members-set-state.ts';
import { creditPoints } from './commands/points-credit.ts';
import { debitPoints } from './commands/points-debit.ts';
import { takeBackReceipt } from './commands/receipts-take-back.ts';
import { addReceipt, checkReceipt } from './commands/receipts.ts';
import { redeemReward } from './commands/rewards-redeem.ts';
import { resolveScannedText, setPreferences } from './commands/settings.ts';
import { addStamps } from './commands/stamps-add.ts';
import { runSync } from './commands/sync-run.ts';
import { enrolTill } from './commands/till-enrol.ts';
import { addVisits } from './commands/visits-add.ts';
import { deductVisits } from './commands/visits-deduct.ts';
import { reportTillLost } from './commands/tills-report-lost.ts';
import type { Handlers } from './ctx.ts';
import { listErasures } from './queries/erasures-list.ts';
import { listLog } from './queries/log-list.ts';
import { listCards } from './queries/cards-list.ts';
import { getClose } from './queries/day-get-close.ts';
import { getShopDay } from './queries/day-get-shop.ts';
import { getDayReport } from './queries/day-get-report.ts';
import { listCloses } from './queries/day-list-closes.ts';
import { getDayFigures } from './queries/day-get-figures.ts';
import { countDirectory, pageDirectory, prepareDirectory } from './queries/directory-page.ts';
import { keepDirectoryLayout, setUpDirectory } from './queries/directory-set-up.ts';
import { totalDirectory } from './queries/directory-totals.ts';
import {
  getImport,
  getImportTemplate,
  listFailedRows,
  listImportColumns,
  listImportRows,
  listImports,
} from './queries/imports.ts';
import { listConsents } from './queries/consents-list.ts';
import { getFavouriteStore } from './queries/favourite-store.ts';
import { exportHistory } from './queries/history-export.ts';
import { listExports } from './queries/exports-list.ts';
import { listSignIns } from './queries/sign-ins-list.ts';
import { listHistory } from './queries/history-list.ts';
import { listEnding } from './queries/members-list-ending.ts';
import { countInbox } from './queries/inbox-count.ts';
import { getHeld } from './queries/inbox-get-held.ts';
import { listInbox } from './queries/inbox-list.ts';
import { findDuplicateMembers } from './queries/members-find-duplicates.ts';
import { listDocuments } from './queries/documents-list.ts';
import { previewRemoval } from './queries/members-preview-removal.ts';
import { previewPurchaseEdit } from './queries/purchases-preview-edit.ts';
import { getMember } from './queries/members-get.ts';
import { listMergedMembers } from './queries/members-list-merged.ts';
import { listRecentMembers } from './queries/members-list-recent.ts';
import { lookupMembers } from './queries/members-lookup.ts';
import { lookupMembersOnline } from './queries/members-lookup-online.ts';
import { previewTakeBack } from './queries/receipts-preview-take-back.ts';
import { tryProgramme } from './queries/programmes-try-on.ts';
import {
  getMemberSegments,
  getRfm,
  listSegmentMembers,
  listSegments,
  listSegmentWords,
  trySegment,
} from './queries/segments.ts';
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
  'day.getReport': getDayReport,
  'day.getShop': getShopDay,
  'log.list': listLog,
  'erasures.list': listErasures,
  'members.lookup': lookupMembers,
  'members.lookupOnline': lookupMembersOnline,
  'members.get': getMember,
  'members.reveal': revealMember,
  'members.listRecent': listRecentMembers,
  'members.findDuplicates': findDuplicateMembers,
  'members.add': addMember,
  'members.edit': editMember,
  'members.setExtras': setMemberExtras,
  'members.previewRemoval': previewRemoval,
  'members.remove': removeMember,
  'members.restoreRemoved': restoreMember,
  'attributes.list': (ctx) => ctx.directory.attributes(),
  'documents.list': listDocuments,
  'documents.save': saveDocument,
  'purchases.previewEdit': previewPurchaseEdit,
  'purchases.edit': editPurchase,
  'members.setState': setMemberState,
  'members.merge': mergeMembers,
  'members.unmerge': unmergeMembers,
  'members.anonymise': anonymiseMember,
  'directory.prepare': prepareDirectory,
  'directory.setUp': setUpDirectory,
  'directory.keepLayout': keepDirectoryLayout,
  'directory.page': pageDirectory,
  'directory.count': countDirectory,
  'directory.totals': totalDirectory,
  'directory.beginExport': beginExport,
  'directory.readExport': readExport,
  'directory.endExport': endExport,
  'imports.begin': beginImport,
  'imports.put': putImport,
  'imports.open': openImport,
  'imports.check': checkImport,
  'imports.start': startImport,
  'imports.cancel': cancelImport,
  'imports.undo': undoImport,
  'imports.get': getImport,
  'imports.listRows': listImportRows,
  'imports.history': listImports,
  'imports.failedRows': listFailedRows,
  'imports.getTemplate': getImportTemplate,
  'imports.listColumns': listImportColumns,
  'inbox.list': listInbox,
  'inbox.count': countInbox,
  'inbox.getHeld': getHeld,
  'members.listMerged': listMergedMembers,
  'inbox.answer': answerInbox,
  'tills.reportLost': reportTillLost,
  'consents.record': recordConsent,
  'cards.issue': issueCard,
  'cards.replace': replaceCard,
  'cards.reportLost': reportLostCard,
  'cards.close': closeCard,
  'cards.listAttributes': (ctx) => ctx.directory.cardAttributes(),
  'cards.setData': setCardData,
  'cards.list': listCards,
  'stamps.add': addStamps,
  'points.credit': creditPoints,
  'points.debit': debitPoints,
  'visits.deduct': deductVisits,
  'visits.add': addVisits,
  'credit.topUp': topUpCredit,
  'credit.earn': earnCredit,
  'credit.spend': spendCredit,
  'rewards.redeem': redeemReward,
  'entries.undo': undoEntry,
  'segments.list': listSegments,
  'segments.try': trySegment,
  'segments.members': listSegmentMembers,
  'segments.rfm': getRfm,
  'segments.words': listSegmentWords,
  'segments.forMember': getMemberSegments,
  'segments.runTagRules': runTagRules,
  'consents.list': listConsents,
  'exports.list': listExports,
  'signIns.list': listSignIns,
  'history.list': listHistory,
  'history.export': exportHistory,
  'receipts.add': addReceipt,
  'receipts.check': checkReceipt,
  'receipts.previewTakeBack': previewTakeBack,
  'receipts.takeBack': takeBackReceipt,
  'members.favouriteStore': getFavouriteStore,
  'programmes.tryOn': tryProgramme,
  'members.listEnding': listEnding,
  'expiry.run': runExpiry,
  'messages.send': sendMessage,
  'messages.list': listMessages,
  'messages.sends': listSends,
  'messages.count': countMessage,
};
