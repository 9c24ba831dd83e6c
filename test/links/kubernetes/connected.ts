import { expect, onTestFinished } from 'vitest';
import type { Credentials } from '../../../source/links/kubernetes/access.ts';
import { createConnection, type Connection } from '../../../source/links/kubernetes/connection.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { accessTo, json, startScripted, type Script, type ScriptedServer } from './scripted-server.ts';

// A connection to a scripted server, and both ended with the test.

export async function serve(script: Script, how: Parameters<typeof startScripted>[1] = {}): Promise<ScriptedServer> {
  const server = await startScripted(script, how);
  onTestFinished(server.close);
  return server;
}

type Setting = Partial<Parameters<typeof createConnection>[0]>;

export function connect(server: string, more: Partial<Credentials> = {}, setting: Setting = {}) {
  const { access, held } = accessTo(server, more);
  const connection = createConnection({ access, userAgent: 'metalk8s-console/0', localDoors: [], ...setting });
  onTestFinished(connection.close);
  return { connection, held };
}

export const NODES = { what: 'list nodes', method: 'GET', path: '/api/v1/nodes' } as const;
export const NODE = { what: 'change node a', method: 'PATCH', path: '/api/v1/nodes/a', body: '[]' } as const;

export async function failureOf(connection: Connection, request: Parameters<Connection['json']>[0] = NODES) {
  const error = await connection.json(request).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LinkFailure);
  return error as LinkFailure;
}

export const ok: Script = (_, answer) => json(answer, 200, { ok: true });
