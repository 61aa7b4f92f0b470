import type { TillView } from '../../electron/contract/till.ts';
import type { ActionReply, MemberHit, MemberView } from '../../electron/contract/views.ts';
import { createCardsStore } from '../features/cards/cards-store.ts';
import { createChainStore } from '../features/chain/chain-store.ts';
import { createCloseDayStore } from '../features/close-day/close-day-store.ts';
import { createCouponStore } from '../features/directory/coupon-store.ts';
import { createDirectoryStore } from '../features/directory/directory-store.ts';
import { createExportLogStore } from '../features/directory/export-log-store.ts';
import { createExportStore } from '../features/directory/export-store.ts';
import { createOwnColumnStore } from '../features/directory/own-column-store.ts';
import { createSavedFilterStore } from '../features/directory/saved-filter-store.ts';
import { createEnrolmentStore } from '../features/enrolment/enrolment-store.ts';
import { createImportsStore } from '../features/imports/imports-store.ts';
import { createInboxCountStore } from '../features/inbox/inbox-count.ts';
import { createInboxStore } from '../features/inbox/inbox-store.ts';
import { createMergeStore } from '../features/inbox/merge-store.ts';
import { createMergedStore } from '../features/inbox/merged-store.ts';
import { createAsideStore } from '../features/members/aside-store.ts';
import { createEditStore } from '../features/members/edit-store.ts';
import { createMemberStore } from '../features/members/member-store.ts';
import { createProgrammesStore } from '../features/programmes/programmes-store.ts';
import { createMessagesStore } from '../features/messages/messages-store.ts';
import { createDevicesStore } from '../features/scanners/devices-store.ts';
import { createLearnStore } from '../features/scanners/learn-store.ts';
import { createLabelsStore } from '../features/segments/labels-store.ts';
import { createSegmentsStore } from '../features/segments/segments-store.ts';
import { createSignInStore } from '../features/session/sign-in-store.ts';
import { createLogStore } from '../features/log/log-store.ts';
import { createShopDayStore } from '../features/shop-day/shop-day-store.ts';
import { createSettingsStore } from '../features/settings/settings-store.ts';
import { createSetUpStore } from '../features/start/set-up-store.ts';
import { createHomeStore } from '../features/till/home-store.ts';
import { createSearchStore } from '../features/till/search-store.ts';
import type { Core } from '../lib/core-client.ts';
import { saveStream, type SavePdf } from '../lib/host.ts';
import { newOpId } from '../lib/new-op-id.ts';
import type { Sounds } from '../lib/sound.ts';
import { createPlaceStore, type Place } from './place-store.ts';
import { createTillStore, type TillStore } from './till-store.ts';
import { createWaitingScanStore } from './waiting-scan.ts';

const pad = (value: number): string => String(value).padStart(2, '0');
/** Today by the till's own clock: birthdays after it are refused. */
export function todayText(now = new Date()): string {
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

/** The first kind of card that she does not have yet, else the first of all. */
function typeToIssue(till: TillStore, holder: MemberView): string {
  const now = till.getState().till;
  const types = now.status === 'shown' ? now.view.cardTypes.filter(({ isRetired }) => !isRetired) : [];
  const isHeld = (cardTypeId: string): boolean =>
    holder.cards.some((card) => card.cardTypeId === cardTypeId && card.status === 'active');
  return (types.find(({ cardTypeId }) => !isHeld(cardTypeId)) ?? types[0])?.cardTypeId ?? '';
}

function after(act: () => void, delayMs: number): () => void {
  const timer = setTimeout(act, delayMs);
  return () => clearTimeout(timer);
}

const createScannerStores = ({ calls }: Core, sound: (isGood: boolean) => void) => ({
  devices: createDevicesStore(calls),
  learn: createLearnStore({ core: calls, onScan: sound, schedule: after }),
});

function createDirectoryStores({ calls }: Core) {
  const directory = createDirectoryStore({ core: calls, schedule: after });
  const onSaved = (): void => void directory.getState().refresh();
  return {
    directory,
    exporting: createExportStore({ core: calls, saveStream }),
    exportLog: createExportLogStore(calls),
    savedFilters: createSavedFilterStore(calls),
    coupons: createCouponStore(calls),
    ownColumns: createOwnColumnStore({ core: calls, onSaved }),
  };
}

/** The shop as it was read last; null before. */
function shopOf(till: ReturnType<typeof createTillStore>): TillView | null {
  const { till: shown } = till.getState();
  return shown.status === 'shown' ? shown.view : null;
}

const createProgrammeStores = ({ calls }: Core) => ({
  cards: createCardsStore(calls),
  programmes: createProgrammesStore(calls),
});

/** The screen in front, the shop, and the member who is open. */
function createCounterStores({ calls }: Core, sound: (isGood: boolean) => void) {
  const place = createPlaceStore();
  const isAt = (wanted: Place) => (): boolean => place.getState().place === wanted;
  const till = createTillStore(calls);
  const member = createMemberStore({
    core: calls,
    nowMs: Date.now,
    onOutcome: sound,
    typeToIssue: (holder) => typeToIssue(till, holder),
    chain: () => shopOf(till)?.chain ?? null,
    isInFront: isAt('member'),
    onLate: place.getState().sayLate,
  });
  return { place, isAt, till, member };
}

type FormTalk = Pick<ReturnType<typeof createCounterStores>, 'place' | 'till' | 'member' | 'isAt'> & {
  sounds: Sounds;
};

/** Forms of a member: what is saved is shown, unless the person has gone on to another page. */
function createFormStores({ calls }: Core, { place, till, member, isAt, sounds }: FormTalk) {
  /** Of a form that the cashier has left, the answer does not take the screen. */
  const showSaved = ({ member: saved }: ActionReply, from: Place): void => {
    if (!isAt(from)()) return void member.getState().reread([saved.memberId]);
    member.getState().show(saved, null, false);
    place.getState().go('member');
  };
  const enrolment = createEnrolmentStore({
    core: calls,
    today: todayText,
    isSupervisor: () => (shopOf(till)?.session?.person.role ?? 'cashier') !== 'cashier',
    onJoined: (reply) => {
      sounds.good();
      showSaved(reply, 'enrol');
      place.getState().say({ kind: 'joined', name: reply.member.name });
    },
    onRefused: sounds.bad,
    isInFront: isAt('enrol'),
    onLate: (name, failure) =>
      place.getState().sayLate({ memberId: null, name, method: 'members.add', failure }),
  });
  const edit = createEditStore({
    core: calls,
    today: todayText,
    onSaved: (reply) => {
      sounds.good();
      showSaved(reply, 'edit');
    },
    onRefused: sounds.bad,
    isInFront: isAt('edit'),
    onLate: place.getState().sayLate,
  });
  const merge = createMergeStore({
    core: calls,
    onSaved: (stays, goes) => {
      sounds.good();
      if (!isAt('merge')()) return;
      void member.getState().open(stays.memberId);
      place.getState().go('member');
      place.getState().say({ kind: 'merged', stays: stays.name, goes: goes.name });
    },
    isInFront: isAt('merge'),
    onLate: (late) => place.getState().sayLate({ ...late, method: 'members.merge' }),
  });
  return { enrolment, edit, merge };
}

/** Every store of the page, and what they tell each other: no store knows another. */
export function createStores(core: Core, sounds: Sounds, savePdf: SavePdf | null = null) {
  const { calls } = core;
  const sound = (isGood: boolean): void => (isGood ? sounds.good() : sounds.bad());
  const { place, isAt, till, member } = createCounterStores(core, sound);
  const openHit = (hit: MemberHit, cardNumber: string | null): void => {
    search.getState().clear();
    // Whom the box finds is then the other one of two, and the page stays.
    if (place.getState().place === 'merge' && forms.merge.getState().merging.status === 'finding')
      return void forms.merge.getState().pick(hit.memberId);
    place.getState().go('member');
    const card = hit.cards.find((each) => each.cardNumber === cardNumber);
    void member.getState().open(hit.memberId, card?.cardId ?? null);
  };
  const search = createSearchStore({ core: calls, onPick: openHit });
  const forms = createFormStores(core, { place, till, member, isAt, sounds });
  return {
    place,
    till,
    home: createHomeStore(calls),
    search,
    member,
    aside: createAsideStore({ core: calls, saveStream }),
    ...forms,
    chain: createChainStore(calls),
    closeDay: createCloseDayStore(calls, savePdf),
    shopDay: createShopDayStore(calls, savePdf),
    log: createLogStore(calls),
    imports: createImportsStore(calls, newOpId),
    inbox: createInboxStore(calls),
    inboxCount: createInboxCountStore(calls, () => performance.now()),
    segments: createSegmentsStore(calls),
    labels: createLabelsStore(calls),
    messages: createMessagesStore(calls),
    merged: createMergedStore(calls),
    ...createDirectoryStores(core),
    ...createProgrammeStores(core),
    openHit,
    askCentre: (text: string) => calls['members.lookupOnline']({ text }),
    waitingScan: createWaitingScanStore(),
    ...createScannerStores(core, sound),
    setUp: createSetUpStore(calls),
    signIn: createSignInStore({ core: calls, onOutcome: sound }),
    settings: createSettingsStore({ core: calls, onPreferred: till.getState().hearPreferences }),
  };
}
export type Stores = ReturnType<typeof createStores>;
