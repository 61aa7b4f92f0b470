import { openRecord, ownSessionKey } from '../../db/spill/seal.ts';
import type { TillDb } from '../../db/till/types.ts';
import { purgedErasure } from '../../electron/core/purge.ts';
import { createTillSettings } from '../../electron/core/till-settings.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { blankMember } from '../../sync/model/member.ts';
import { isPersonal } from '../../sync/model/op.ts';
import { readSpill } from '../../sync/spill/format.ts';
import type { CentreTables } from '../parts/memory-centre.ts';
import { opsIn } from './checks-till.ts';
import { spillFiles } from './spilled.ts';
import type { TillNode } from './till-node.ts';
import { Violation } from './world.ts';

type Erased = ReadonlySet<MemberId>;

/** Members of own ops that can be read, of kinds that say who somebody is. */
const toldIn = (file: TillDb): { memberId: MemberId; where: string }[] =>
  opsIn(file)
    .filter(({ op, commitment }) => isPersonal(op.kind) && commitment === undefined)
    .map(({ op }) => ({ memberId: op.body.memberId, where: `its ${op.kind} ${op.tseq}` }));

/** The same of every record of a spill file that the till's own key opens. */
function toldInSpills({ till, folder }: TillNode['files']): { memberId: MemberId; where: string }[] {
  const secretKey = createTillSettings(till.settings).enrolment()?.secretKey;
  if (secretKey === undefined) return [];
  return spillFiles(folder).flatMap((bytes) =>
    readSpill(bytes).sessions.flatMap((session) => {
      const key = ownSessionKey(session, secretKey);
      const ops = session.records.map((record) => JSON.parse(openRecord(key, record)) as Spilled);
      return ops
        .filter(({ kind }) => isPersonal(kind))
        .map(({ kind, tseq, body }) => ({ memberId: body.memberId, where: `a spilled ${kind} ${tseq}` }));
    }),
  );
}

interface Spilled {
  kind: string;
  tseq: number;
  body: { memberId: MemberId };
}

/** Where the copy says them: in their row, or in its search index. */
function toldInCopy(
  { files: { replica } }: TillNode,
  erased: Erased,
): { memberId: MemberId; where: string }[] {
  const rows = [...erased].flatMap((memberId) => {
    const row = replica.member(memberId);
    if (row === undefined) return [];
    const { state, firstName, lastName, mobile } = row;
    const { supportId, notes, email } = blankMember(row);
    const blank = { state: 'anonymised', firstName: '', lastName: '', mobile: null, supportId, notes, email };
    const kept = {
      state,
      firstName,
      lastName,
      mobile,
      supportId: row.supportId,
      notes: row.notes,
      email: row.email,
    };
    return JSON.stringify(blank) === JSON.stringify(kept) ? [] : [{ memberId, where: 'a row of its copy' }];
  });
  const filed = [...replica.filed()].filter((memberId) => erased.has(memberId));
  return [...rows, ...filed.map((memberId) => ({ memberId, where: 'the search index of its copy' }))];
}

/** In the copy that is half filled beside it. */
const toldInFill = ({ fill }: TillNode): { memberId: MemberId; where: string }[] =>
  fill
    .members()
    .filter(({ state }) => state !== 'anonymised')
    .map(({ memberId }) => ({ memberId, where: 'a copy that is on its way' }));

/**
 * As soon as a till's receipt says so: of whoever was erased up to it nothing is in any file of the till. Not in the
 * copy, its search index, one that is half filled beside it, own files, their keys, nor in a spill file.
 */
export function checkWords(node: TillNode, { erasures }: CentreTables): void {
  const receipt = purgedErasure(node.files);
  const erased = new Set(
    [...erasures.values()].filter(({ erasureNo }) => erasureNo <= receipt).map(({ memberId }) => memberId),
  );
  const keys = [...node.files.till.filed()].map((memberId) => ({
    memberId,
    where: 'the keys of its own ops',
  }));
  const told = [
    ...toldInCopy(node, erased),
    ...toldInFill(node),
    ...node.ownFiles.flatMap(toldIn),
    ...keys,
    ...toldInSpills(node.files),
  ];
  const left = told.find(({ memberId }) => erased.has(memberId));
  if (left === undefined) return;
  throw new Violation(
    `erasure: ${node.name} gave its receipt up to ${receipt} and tells of ${left.memberId} in ${left.where}`,
  );
}
