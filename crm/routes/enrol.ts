import type { FastifyInstance } from 'fastify';
import { EnrolCodeRequest, EnrolRequest } from '../../sync/protocol/exchange.ts';
import type { Centre } from '../centre.ts';
import { enrolTill, makeEnrolCode } from '../enrol.ts';
import { CentreRefusal } from '../refusal.ts';
import { assertProtocol } from './exchange.ts';

const isPlainText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

function assertPlainText(...texts: (string | null)[]): void {
  if (texts.every((text) => text === null || isPlainText(text))) return;
  throw new CentreRefusal('bad_request', 'The request holds signs that are not text. Nothing was changed.');
}

export function addEnrol(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/enrol-codes', async (request) => {
    const body = EnrolCodeRequest.parse(request.body);
    assertPlainText(body.login, body.pin, body.storeId);
    return makeEnrolCode(centre, body);
  });
  app.post('/v1/enrol', async (request) => {
    assertProtocol(request.body);
    const body = EnrolRequest.parse(request.body);
    assertPlainText(body.tillName);
    return enrolTill(centre, body);
  });
}
