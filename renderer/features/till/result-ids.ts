import type { MemberHit } from '../../../electron/contract/views.ts';

export const RESULT_LIST_ID = 'results';
export const resultId = ({ memberId }: MemberHit): string => `result-${memberId}`;
