import type { ScanResult } from '../../electron/contract/events.ts';
import type { Core } from '../lib/core-client.ts';
import { failureOf } from '../lib/failure.ts';
import type { Sounds } from '../lib/sound.ts';
import { startEnrolment } from './moves.ts';
import { routeScan, type ScanDeed } from './scan-route.ts';
import type { Stores } from './stores.ts';
import type { Till } from './till-store.ts';

const hasSession = (till: Till): boolean => till.status === 'shown' && till.view.session !== null;
const isSignedIn = ({ till }: Stores): boolean => hasSession(till.getState().till);

/** Forgets everything that the last person had in front of her; an unfinished enrolment waits for the next one. */
export function forgetScreen({ member, search, home, edit, place }: Stores): void {
  member.getState().close();
  search.getState().clear();
  home.getState().forget();
  edit.getState().close();
  place.getState().go('home');
}

/** Joins what the core tells to the stores. */
export function listenToCore(core: Core, stores: Stores, sounds: Sounds): void {
  const { till, member, home, place } = stores;
  const reread = (memberIds: Parameters<ReturnType<typeof member.getState>['reread']>[0]): void => {
    void member.getState().reread(memberIds);
    if (isSignedIn(stores) && place.getState().place === 'home') void home.getState().refresh();
  };
  core.onLife((life) => {
    if (life.status !== 'ready') return;
    void till
      .getState()
      .refresh()
      .then(() => reread(null));
  });
  core.on('till.changed', () => void till.getState().refresh());
  core.on('sync.changed', (status) => {
    const wasFilling = till.getState().sync?.isFilling === true;
    till.getState().hearSync(status);
    if (wasFilling && !status.isFilling) void till.getState().refresh();
  });
  core.on('scanner.changed', (scanner) => till.getState().hearScanner(scanner));
  core.on('data.changed', ({ memberIds }) => reread(memberIds));
  core.on('scan.resolved', ({ result }) => takeScan(result, stores, sounds));
  stores.search.subscribe((now, before) => {
    // Whoever types has read what the last scan had to say.
    if (now.text !== '' && before.text === '') place.getState().say(null);
  });
  till.subscribe((now, before) => {
    if (now.till.status === 'shown') sounds.setOn(now.till.view.preferences.isSoundOn);
    // Whichever of several reads under way is the one that tells it.
    if (hasSession(before.till) && !hasSession(now.till)) forgetScreen(stores);
  });
  // The core may have been ready before anybody listened.
  if (core.life().status === 'ready') void till.getState().refresh();
}

/** A scan, read by the serial scanner or by the page itself. */
export function takeScan(result: ScanResult, stores: Stores, sounds: Sounds): void {
  const { place } = stores.place.getState();
  const { panel } = stores.member.getState();
  const panelTakesCard = place === 'member' && (panel?.kind === 'issue' || panel?.kind === 'replace');
  const deed = routeScan(result, { isSignedIn: isSignedIn(stores), place, panelTakesCard });
  const isGood = deed.do === 'say' ? deed.isGood : deed.do !== 'search';
  if (isGood) sounds.good();
  else sounds.bad();
  doScan(deed, stores);
}

function doScan(deed: ScanDeed, stores: Stores): void {
  const { place, search, member, enrolment } = stores;
  switch (deed.do) {
    case 'show':
      search.getState().clear();
      member.getState().show(deed.member, deed.cardNumber, true);
      return place.getState().go('member');
    case 'choose':
      place.getState().say(null);
      return search.getState().choose(deed.text, deed.members);
    case 'search':
      search.getState().type(deed.text);
      return search.getState().take();
    case 'fill-enrolment':
      enrolment.getState().set({ cardNumber: deed.cardNumber });
      if (enrolment.getState().form === null) startEnrolment(stores, { cardNumber: deed.cardNumber });
      return place.getState().say({ kind: 'filled', cardNumber: deed.cardNumber });
    case 'fill-panel':
      member.getState().setPanel('cardNumber', deed.cardNumber);
      return place.getState().say({ kind: 'filled', cardNumber: deed.cardNumber });
    case 'say':
      return place.getState().say(deed.notice);
  }
}

/** A scan of the keyboard wedge: the core resolves it like any other and answers with the same event. */
export function resolveWedgeScan(text: string, core: Core, stores: Stores): void {
  core.calls['scans.resolve']({ text }).catch((cause: unknown) => {
    stores.place.getState().say({ kind: 'failed', failure: failureOf(cause) });
  });
}
