import type { Connection, Request } from './connection.ts';
import type { Answer } from './exchange.ts';
import { LinkFailure } from './failure.ts';
import type { ReadField } from './protobuf.ts';
import { PROTOBUF } from './protobuf-stream.ts';

const JSON_TOO = `${PROTOBUF},application/json`;

/** 406 and 415: the server has no such form of the resource. */
const OTHER_FORM: readonly (number | null)[] = [406, 415];

/**
 * Asks for protobuf where there is a way to read it, with JSON as good; the answer's Content-Type says which came. Who
 * refuses so much as the question is asked for JSON alone. Rejects as the connection does.
 */
export async function requestEither(
  connection: Pick<Connection, 'request'>,
  read: ReadField | undefined,
  request: Request,
): Promise<Answer> {
  if (read === undefined) return connection.request(request);
  try {
    return await connection.request({ ...request, accept: JSON_TOO });
  } catch (error) {
    if (!(error instanceof LinkFailure && OTHER_FORM.includes(error.status))) throw error;
    return connection.request(request);
  }
}
