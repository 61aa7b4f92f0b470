import type { Input } from '../../electron/contract/index.ts';
import type { ScanResult } from '../../electron/contract/events.ts';
import type { SyncStatus } from '../../electron/contract/till.ts';
import type { MemberView } from '../../electron/contract/views.ts';
import type { MemberState } from '../features/members/member-state.ts';
import type { Core } from '../lib/core-client.ts';
import { failureOf } from '../lib/failure.ts';
import type { Sounds } from '../lib/sound.ts';
import { startEnrolment } from './moves.ts';
import type { Place } from './place-store.ts';
import { sayUnknownCard } from './scan-online.ts';
import { routeScan, toneOf, type ScanDeed } from './scan-route.ts';
import type { Stores } from './stores.ts';
import type { Till } from './till-store.ts';
import type { WaitingScan } from './waiting-scan.ts';

const hasSession = (till: Till): boolean => till.status === 'shown' && till.view.session !== null;
/** Only what the page of a day shows of the line: reading a day is more than a glance. */
const isOutstandingNew = (before: SyncStatus | null, now: SyncStatus): boolean =>
  before?.outstanding !== now.outstanding ||
  before.held !== now.held ||
  before.problem?.code !== now.problem?.code;

const isSignedIn = ({ till }: Stores): boolean => hasSession(till.getState().till);

/**
 * Forgets everything that the last person had in front of her. An unfinished enrolment waits for the next one, and so
 * does what failed behind the last one's back.
 */
export function forgetScreen({
  aside,
  directory,
  exportLog,
  exporting,
  ownColumns,
  member,
  search,
  home,
  edit,
  merge,
  imports,
  inbox,
  inboxCount,
  messages,
  place,
  segments,
  shopDay,
  log,
  cards,
  chain,
  coupons,
  programmes,
}: Stores): void {
  member.getState().close();
  aside.getState().leave();
  search.getState().clear();
  home.getState().forget();
  edit.getState().close();
  merge.getState().close();
  inbox.getState().leave();
  inboxCount.getState().forget();
  imports.getState().leave();
  directory.getState().forget();
  coupons.getState().close();
  exporting.getState().forget();
  exportLog.getState().forget();
  ownColumns.getState().turnTo('member');
  messages.getState().leave();
  segments.getState().leave();
  cards.getState().leave();
  programmes.getState().leave();
  chain.getState().leave();
  shopDay.getState().leave();
  log.getState().leave();
  place.getState().makeWay();
  place.getState().go('home');
}

const shownIdOf = ({ shown }: MemberState): MemberView['memberId'] | null =>
  shown.status === 'shown' ? shown.member.memberId : null;

/** Only a manager parts two profiles, so only she is told of them. */
function readMerged(stores: Stores): void {
  const { member, merged } = stores;
  void merged.getState().read(isManagerHere(stores) ? shownIdOf(member.getState()) : null);
}

/** What each page is made of; those that change by themselves only. */
const REREAD: Readonly<Partial<Record<Place, (stores: Stores) => Promise<void>>>> = {
  home: ({ home }) => home.getState().refresh(),
  inbox: ({ inbox }) => inbox.getState().refresh(),
  directory: ({ directory }) => directory.getState().refresh(),
  messages: ({ messages }) => messages.getState().refresh(),
  segments: ({ segments }) => segments.getState().refresh(),
  'close-day': ({ closeDay }) => closeDay.getState().refresh(),
  'shop-day': ({ shopDay }) => shopDay.getState().refresh(),
  log: ({ log }) => log.getState().refresh(),
  chain: ({ chain }) => chain.getState().refresh(),
};

const isManagerHere = ({ till }: Stores): boolean => {
  const { till: now } = till.getState();
  return now.status === 'shown' && now.view.session?.person.role === 'manager';
};

/** Beside the inbox's name stands how much waits: asked of the centre, or told by the list itself. */
function countInbox(stores: Stores): void {
  const { inbox, inboxCount, till } = stores;
  const ask = (): void => {
    if (isManagerHere(stores)) void inboxCount.getState().refresh();
  };
  inbox.subscribe(({ view }, before) => {
    if (view !== before.view && view?.line === 'up') inboxCount.getState().hear(view.open);
  });
  till.subscribe((now, before) => {
    const hasSynced = now.sync?.lastSyncAtMs !== before.sync?.lastSyncAtMs;
    if (hasSynced || (hasSession(now.till) && !hasSession(before.till))) ask();
  });
}

/** Reads the page in front anew, if it is one of these; the others read when they are opened. */
function rereadPlace(stores: Stores, places: readonly Place[]): void {
  const { place } = stores.place.getState();
  if (isSignedIn(stores) && places.includes(place)) void REREAD[place]?.(stores);
}

/** What one part of the screen means to another. */
function listenToScreen(stores: Stores): void {
  const { member, place } = stores;
  stores.place.subscribe((now, before) => {
    if (before.place !== 'scanners' || now.place === 'scanners') return;
    // Whichever way the doctor was left: nothing may go on listening to keys.
    stores.learn.getState().stop();
    stores.devices.getState().leave();
  });
  stores.place.subscribe((now, before) => {
    if (now.place === before.place) return;
    // To a member and back: what she did there may have changed what waits.
    if (now.place === 'inbox' && before.place === 'member') void stores.inbox.getState().refresh();
    if (before.place === 'inbox') stores.inbox.getState().pause();
    if (before.place === 'chain') stores.chain.getState().dropPins();
    if (before.place === 'member') member.getState().dropPins();
  });
  member.subscribe((now, before) => {
    const { shown } = now;
    if (shown !== before.shown && shown.status === 'shown')
      void stores.aside.getState().rereadOlder(shown.member.memberId);
    if (shownIdOf(now) !== shownIdOf(before)) readMerged(stores);
  });
  stores.merged.subscribe((now, before) => {
    const idsOf = ({ people }: typeof now): string => people.map(({ memberId }) => memberId).join();
    // A merge or its end changes the other profile's row only: her own page would go on with the cards of before.
    if (now.memberId === before.memberId && idsOf(now) !== idsOf(before)) void member.getState().reread(null);
  });
  stores.search.subscribe((now, before) => {
    // Whoever types has read what the last scan had to say.
    if (now.text !== '' && before.text === '') place.getState().say(null);
  });
}

/** Joins what the core tells to the stores. */
export function listenToCore(core: Core, stores: Stores, sounds: Sounds): void {
  const { till, member, search } = stores;
  const reread = (memberIds: Parameters<ReturnType<typeof member.getState>['reread']>[0]): void => {
    void member.getState().reread(memberIds);
    if (memberIds === null) search.getState().refresh();
    rereadPlace(stores, ['home', 'inbox', 'directory', 'messages', 'segments', 'shop-day']);
    readMerged(stores);
  };
  core.onLife((life) => {
    if (life.status !== 'ready') return;
    stores.learn.getState().coreBegan();
    void stores.devices.getState().refresh('rules');
    void till
      .getState()
      .refresh()
      .then(() => reread(null));
  });
  core.on('till.changed', () => {
    void till.getState().refresh();
    // Documents came: what a message says, and whom a filter means, is read before it is sent.
    rereadPlace(stores, ['chain', 'messages']);
  });
  core.on('sync.changed', (status) => {
    const wasFilling = till.getState().sync?.isFilling === true;
    const before = till.getState().sync;
    till.getState().hearSync(status);
    if (isOutstandingNew(before, status)) {
      rereadPlace(stores, ['close-day', 'shop-day', 'inbox', 'log']);
    }
    if (wasFilling && !status.isFilling) void till.getState().refresh();
  });
  core.on('session.ended', ({ reason }) => till.getState().hearEnd(reason));
  core.on('imports.changed', (run) => stores.imports.getState().hear(run));
  core.on('day.proven', () => rereadPlace(stores, ['close-day']));
  core.on('scanner.changed', (scanner) => till.getState().hearScanner(scanner));
  core.on('data.changed', ({ memberIds }) => reread(memberIds));
  // Whoever was opened first was read without them.
  core.on('segments.drawn', () => void stores.aside.getState().refresh());
  core.on('devices.changed', (view) => stores.devices.getState().hear(view));
  core.on('devices.learned', (learned) => stores.learn.getState().hear(learned));
  core.on('devices.rulesChanged', (rules) => stores.devices.getState().hearRules(rules));
  core.on('scan.resolved', ({ result }) => takeScan(result, stores, sounds));
  listenToScreen(stores);
  countInbox(stores);
  till.subscribe((now, before) => {
    if (now.till.status === 'shown') sounds.setOn(now.till.view.preferences.isSoundOn);
    // Whichever of several reads under way is the one that tells it.
    if (hasSession(before.till) && !hasSession(now.till)) forgetScreen(stores);
    if (hasSession(before.till) || !hasSession(now.till)) return;
    prepareDirectory(core, stores);
    openWaitingScan(core, stores, sounds);
    void stores.devices.getState().refresh('all');
  });
  // The core may have been ready before anybody listened.
  if (core.life().status !== 'ready') return;
  void till.getState().refresh();
  void stores.devices.getState().refresh('rules');
}

/** The list of all members takes seconds to make: it is begun when somebody comes who may want it. */
function prepareDirectory({ calls }: Core, { till }: Stores): void {
  const now = till.getState().till;
  const role = now.status === 'shown' ? now.view.session?.person.role : undefined;
  // What fails here is told when the list is opened.
  if (role === 'manager' || role === 'supervisor') calls['directory.prepare']({}).catch(() => undefined);
}

/** Somebody has signed in: the card that was scanned meanwhile opens by itself. */
function openWaitingScan(core: Core, stores: Stores, sounds: Sounds): void {
  stores.place.getState().say(null);
  const scan = stores.waitingScan.getState().take();
  if (scan?.kind === 'text') resolveWedgeScan(scan.scan, { core, stores, sounds });
  // One that the core keeps comes by itself.
  if (scan?.kind === 'result' && scan.result.kind !== 'waiting') takeScan(scan.result, stores, sounds);
}

/** Why a file goes out, half typed: on the page of the member in front, or beside the list of all. */
function holdsReason({ place, member, aside, exporting }: Stores): boolean {
  const { place: here } = place.getState();
  const { asking } = aside.getState();
  const { isOpen, draft } = exporting.getState();
  const isHers = asking !== null && asking.memberId === shownIdOf(member.getState());
  return (
    (here === 'member' && isHers && asking.reason !== '') ||
    (here === 'directory' && isOpen && draft.reason !== '')
  );
}

/** Something on the screen that a person has typed and that another member in its place would lose. */
function holdsTyping(stores: Stores): boolean {
  const { place, member, merge, settings, inbox, messages, cards, chain, programmes, segments } = stores;
  const { place: here } = place.getState();
  const { reason, texts } = inbox.getState();
  return (
    holdsReason(stores) ||
    (here === 'member' && member.getState().panel?.isTyped === true) ||
    (here === 'merge' && merge.getState().merging.status !== 'finding') ||
    (here === 'segments' && segments.getState().draft !== null) ||
    (here === 'cards' && cards.getState().form !== null) ||
    (here === 'chain' && chain.getState().draft !== chain.getState().opened) ||
    (here === 'programmes' && programmes.getState().draft !== programmes.getState().opened) ||
    (here === 'messages' && messages.getState().draft !== null) ||
    (here === 'settings' && settings.getState().draft !== null) ||
    (here === 'inbox' && (reason !== '' || Object.keys(texts).length > 0))
  );
}

/** A scan, read by a scanner of the core or by the page itself. */
export function takeScan(result: ScanResult, stores: Stores, sounds: Sounds): void {
  const { place, makeWay } = stores.place.getState();
  const { panel } = stores.member.getState();
  const panelTakesCard = place === 'member' && (panel?.kind === 'issue' || panel?.kind === 'replace');
  const deed = routeScan(result, {
    isSignedIn: isSignedIn(stores),
    place,
    panelTakesCard,
    holdsTyping: holdsTyping(stores),
  });
  const tone = toneOf(deed);
  if (tone === 'good') sounds.good();
  if (tone === 'bad') sounds.bad();
  makeWay();
  if (deed.do === 'wait') keepScan({ kind: 'result', result }, stores);
  else doScan(deed, stores, sounds);
}

/** Nobody is signed in: it waits, and is what there is to say now. */
export function keepScan(scan: WaitingScan, { place, waitingScan }: Stores): void {
  place.getState().say(null);
  waitingScan.getState().keep(scan);
}

function doScan(deed: Exclude<ScanDeed, { do: 'wait' }>, stores: Stores, sounds: Sounds): void {
  const { place, search, member, enrolment } = stores;
  switch (deed.do) {
    case 'show':
      search.getState().clear();
      if (place.getState().place === 'merge') return void stores.merge.getState().pick(deed.member.memberId);
      member.getState().show(deed.member, deed.cardNumber, true);
      return place.getState().go('member');
    case 'choose':
      place.getState().say(null);
      return search.getState().choose(deed.text, deed.members);
    case 'show-coupon':
      place.getState().say(null);
      return place.getState().showCoupon(deed.coupon);
    case 'fill-phone':
      if (enrolment.getState().form === null) startEnrolment(stores);
      enrolment.getState().type('mobile', deed.phone);
      return place.getState().say({ kind: 'filled-phone' });
    case 'fill-enrolment':
      enrolment.getState().set({ cardNumber: deed.cardNumber });
      if (enrolment.getState().form === null) startEnrolment(stores, { cardNumber: deed.cardNumber });
      return place.getState().say({ kind: 'filled', cardNumber: deed.cardNumber });
    case 'fill-panel':
      member.getState().setPanel('cardNumber', deed.cardNumber);
      return place.getState().say({ kind: 'filled', cardNumber: deed.cardNumber });
    case 'say':
      if (deed.notice.kind === 'unknown-card') return void sayUnknownCard(deed.notice, stores, sounds);
      return place.getState().say(deed.notice);
  }
}

/** A scan of the keyboard wedge: the core resolves it like any other and answers with the same event. */
export function resolveWedgeScan(
  scan: Input<'scans.resolve'>,
  { core, stores, sounds }: { core: Core; stores: Stores; sounds: Sounds },
): void {
  core.calls['scans.resolve'](scan).catch((cause: unknown) => {
    sounds.bad();
    stores.place.getState().say({ kind: 'failed', failure: failureOf(cause) });
  });
}
