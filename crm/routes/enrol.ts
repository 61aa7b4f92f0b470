import type { FastifyInstance } from 'fastify';
import { EnrolCodeReply, EnrolCodeRequest, EnrolReply, EnrolRequest } from '../../sync/protocol/exchange.ts';
import type { Centre } from '../centre.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { enrolTill, makeEnrolCode } from '../enrol.ts';
import { isSignedBy } from '../plugins/till-auth.ts';
import { CentreRefusal } from '../refusal.ts';
import { assertProtocol } from './exchange.ts';

const isPlainText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

function assertPlainText(...texts: (string | null)[]): void {
  if (texts.every((text) => text === null || isPlainText(text))) return;
  throw new CentreRefusal('bad_request', 'The request holds signs that are not text. Nothing was changed.');
}

const enrolCodeApi: RouteApi = {
  summary: 'A manager asks for a one-time code.',
  auth: 'none',
  request: EnrolCodeRequest,
  reply: EnrolCodeReply,
};

const enrolApi: RouteApi = {
  summary: 'A till comes in with a code, or comes back.',
  auth: 'none',
  request: EnrolRequest,
  reply: EnrolReply,
};

export function addEnrol(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/enrol-codes', { config: { api: enrolCodeApi } }, async (request) => {
    const body = EnrolCodeRequest.parse(request.body);
    assertPlainText(body.login, body.pin, body.storeId);
    return makeEnrolCode(centre, body);
  });
  app.post('/v1/enrol', { config: { api: enrolApi } }, async (request) => {
    assertProtocol(request.body);
    const body = EnrolRequest.parse(request.body);
    assertPlainText(body.tillName);
    return enrolTill(centre, body, {
      address: request.ip,
      isSignedBy: (till) => isSignedBy(till, request),
    });
  });
}
