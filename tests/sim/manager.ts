import { answerItem } from '../../crm/inbox/answers.ts';
import { CentreRefusal } from '../../crm/refusal.ts';
import type { InboxItem } from '../../crm/repos/inbox.ts';
import { must } from '../../sync/base/must.ts';
import type { InboxAnswer } from '../../sync/protocol/inbox.ts';
import { sqlUnit } from '../parts/memory-store.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';
import { PEOPLE } from './shop.ts';
import { Violation } from './world.ts';

const MANAGER = must(
  PEOPLE.find(({ role }) => role === 'manager'),
  'a shop has a manager',
).staffId;

/** Decides what waits in the centre's inbox, one item after the other, as the office would. */
export class Manager {
  readonly #scene: Scene;
  readonly #random: Random;
  readonly #pauseMs: number;
  #isAway = false;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#random = scene.world.random.fork();
    this.#pauseMs = this.#random.pick([8_000, 40_000, 200_000]);
  }

  start(): void {
    this.#scene.world.after(this.#random.int(this.#pauseMs * 2), () => {
      if (this.#isAway) return;
      this.#decideOne();
      this.start();
    });
  }

  /** Whatever still waits stays there. */
  goHome(): void {
    this.#isAway = true;
  }

  #decideOne(): void {
    const { store, centres, world } = this.#scene;
    const up = centres.filter((centre) => centre.isUp);
    const items = [...store.tables.inbox.values()].filter((item) => this.#isForHer(item));
    if (up.length === 0 || items.length === 0) return;
    const pairs = items.filter(({ kind }) => kind === 'shared_mobile');
    const item = this.#random.pick(pairs.length > 0 && this.#random.isHit(0.5) ? pairs : items);
    const answer = this.#answerTo(item);
    const answering = { id: item.id, managerId: MANAGER, reason: 'simulated', answer };
    const told = (how: string): void => world.tell(`the manager: ${item.kind} ${answer.action} ${how}`);
    const decided = this.#random
      .pick(up)
      .run((centre) =>
        sqlUnit(
          centre.database,
          centre.crypto,
        )((unit) => answerItem(unit, answering, { crypto: centre.crypto, nowMs: centre.clock.nowMs() })),
      );
    decided.then(
      () => told('done'),
      (cause: unknown) => {
        if (cause instanceof CentreRefusal) told(cause.message);
        else world.fail(new Violation(`inbox: ${answer.action} met a bug`, { cause }));
      },
    );
  }

  /** What is open, and merges that may be taken back. */
  #isForHer({ state, answer }: InboxItem): boolean {
    return state === 'open' || answer.startsWith('merge ');
  }

  #answerTo({ state, kind, detail, seq }: InboxItem): InboxAnswer {
    if (state !== 'open') return { action: 'unmerge' };
    if (kind === 'till_forked') return { action: 'book' };
    if (kind === 'field_conflict') return this.#random.pick([{ action: 'keep' }, { action: 'restore' }]);
    if (kind === 'held_op')
      return this.#random.pick([
        { action: 'apply' },
        { action: 'dismiss' },
        { action: 'repair', body: this.#bodyAt(seq) },
      ]);
    const isPair = kind === 'shared_mobile' || kind === 'shared_lookup_id';
    return isPair && 'memberIds' in detail && this.#random.isHit(0.8)
      ? { action: 'merge', intoId: this.#random.pick(detail.memberIds) }
      : { action: 'keep' };
  }

  /** As it came: what she corrects is what the rules could not read. */
  #bodyAt(seq: number): { kind: string } {
    return this.#scene.store.tables.ops.get(String(seq))?.body ?? { kind: '' };
  }
}
