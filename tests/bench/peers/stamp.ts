/** What all of them carry: everything that an op of ours says of a stamp, but for hash, chain and signature. */
export interface PeerStamp {
  opId: string;
  tillId: string;
  incarnation: number;
  tseq: number;
  hlc: string;
  wallMs: number;
  actorId: string;
  storeId: string;
  businessDay: string;
  kind: string;
  memberId: string;
  cardId: string;
  accountId: string;
  cardTypeVersion: number;
  amountMinor: number;
  receiptNo: string;
  units: number;
}
