import { describe, expect, test } from 'vitest';
import type { Command } from '../../../source/links/kubernetes/exec.ts';
import type { Connection } from '../../../source/links/kubernetes/connection.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { newAuthority } from '../../../source/sandbox/certificates.ts';
import { connect } from './connected.ts';
import { serveExec } from './exec-server.ts';
import { FakeClock } from './fake-clock.ts';
import { freePort, refusal, until } from './scripted-server.ts';

const COMMAND: Command = {
  what: 'list members',
  namespace: 'kube-system',
  pod: 'etcd-node-1',
  container: 'etcd',
  command: ['etcdctl', 'member', 'list', '--key=/a b&c'],
  timeout: 10_000,
};

async function failureOf(connection: Connection, command = COMMAND): Promise<LinkFailure> {
  const error = await connection.exec(command).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LinkFailure);
  return error as LinkFailure;
}

describe('a command in a pod', () => {
  test('is asked for by its words, with the credentials, and told with both outputs', async () => {
    const server = await serveExec({
      run: ({ write, end }) => {
        write(1, '');
        write(2, 'a warn');
        write(1, '{"members":');
        write(1, '[]}');
        write(2, 'ing');
        end(0);
      },
    });
    const { connection } = connect(server.url);
    expect(await connection.exec(COMMAND)).toEqual({ stdout: '{"members":[]}', stderr: 'a warning', exitCode: 0 });
    const [asked] = server.ran;
    expect(asked?.url.pathname).toBe('/api/v1/namespaces/kube-system/pods/etcd-node-1/exec');
    expect(asked?.url.searchParams.getAll('command')).toEqual(COMMAND.command);
    expect(asked?.url.searchParams.get('container')).toBe('etcd');
    expect(asked?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'user-agent': 'metalk8s-console/0',
      'sec-websocket-protocol': 'v5.channel.k8s.io,v4.channel.k8s.io',
    });
    expect(connection.requests()).toBe(1);
  });

  test('tells the exit code with what was written', async () => {
    const server = await serveExec({
      run: ({ write, end }) => {
        write(2, 'Error: etcdserver: not leader');
        end(5);
      },
      protocol: 'v4.channel.k8s.io',
    });
    const { connection } = connect(server.url);
    expect(await connection.exec(COMMAND)).toEqual({
      stdout: '',
      stderr: 'Error: etcdserver: not leader',
      exitCode: 5,
    });
  });

  test('goes over plain HTTP where the kubeconfig does (kubectl proxy)', async () => {
    const server = await serveExec({ run: ({ end }) => end(0), plain: true });
    const { connection } = connect(server.url, { ca: null });
    expect((await connection.exec(COMMAND)).exitCode).toBe(0);
  });

  test('leaves no socket behind', async () => {
    const server = await serveExec({ run: ({ end }) => end(0) });
    const { connection } = connect(server.url);
    await connection.exec(COMMAND);
    await until(() => server.open() === 0);
  });

  test('goes through another door where the first does not answer', async () => {
    const server = await serveExec({ run: ({ end }) => end(0) });
    const { connection } = connect(`https://127.0.0.1:${await freePort()}`, {}, { localDoors: [server.url] });
    expect((await connection.exec(COMMAND)).exitCode).toBe(0);
    expect(connection.door()?.address).toBe(server.url);
  });

  test.each<readonly [string, number, string, Partial<LinkFailure>, RegExp]>([
    [
      'get is missing',
      403,
      'pods "etcd-node-1" is forbidden: User "ann" cannot get resource "pods/exec" in API group "" in the namespace "kube-system"',
      { kind: 'forbidden' },
      /no right to get pods\/exec there \(403\), and running a command needs both get and create/,
    ],
    [
      'create is missing, of which nothing is said',
      403,
      'pods "etcd-node-1" is forbidden: ',
      { kind: 'forbidden' },
      /no right to create pods\/exec there/,
    ],
    ['no such pod', 404, 'pods "etcd-node-1" not found', { kind: 'not-found' }, /pods "etcd-node-1" not found/],
    ['no quorum', 504, 'Timeout: request did not complete', { kind: 'timeout', status: 504 }, /etcd, which may have/],
    [
      'no kubelet',
      500,
      'error dialing backend: dial tcp 10.0.0.1:10250: connect: connection refused',
      { kind: 'server' },
      /connection refused/,
    ],
  ])('says why it was refused: %s', async (_, code, message, expected, sentence) => {
    const body = JSON.stringify(refusal(code, 'No', message));
    const server = await serveExec({ refuse: { status: code, body } });
    const { connection } = connect(server.url);
    const failure = await failureOf(connection);
    expect(failure).toMatchObject(expected);
    expect(failure.message).toMatch(sentence);
    expect(failure.message).toContain('Cannot list members at ');
  });

  test('says that a web page came', async () => {
    const server = await serveExec({ refuse: { status: 502, body: '<html>proxy</html>', type: 'text/html' } });
    expect((await failureOf(connect(server.url).connection)).message).toMatch(/a web page came/);
  });

  test('fails with the words of a kubelet that cannot be reached, told after the WebSocket was opened', async () => {
    const message = 'Internal error occurred: error sending request: dial tcp 10.0.0.1:10250: connection refused';
    const server = await serveExec({ run: ({ status }) => status(refusal(500, 'InternalError', message)) });
    const failure = await failureOf(connect(server.url).connection);
    expect([failure.kind, failure.status]).toEqual(['server', 500]);
    expect(failure.message).toContain(message);
  });

  test.each<readonly [string, Parameters<typeof serveExec>[0], RegExp]>([
    ['the end is not told', { run: ({ socket }) => socket.close(1_000) }, /the end of the command was not told/],
    ['the end is no Status', { run: ({ write }) => write(3, 'not { json') }, /the server answered 500/],
    ['nobody speaks the protocol', { protocol: null }, /does not speak the exec protocol/],
    ['a message is too long', { run: ({ write }) => write(1, 'x'.repeat(5 * 2 ** 20)) }, /wrote more than 4 MiB/],
    [
      'it writes without end',
      { run: ({ write }) => Array.from({ length: 80 }, () => write(1, 'x'.repeat(2 ** 16))) },
      /wrote more than 4 MiB/,
    ],
  ])('fails where %s', async (_, answer, sentence) => {
    const server = await serveExec(answer);
    const failure = await failureOf(connect(server.url).connection);
    expect(failure.message).toMatch(sentence);
    expect(failure.sent).toBe(true);
    await until(() => server.open() === 0);
  });

  test('fails where the connection is cut in the middle', async () => {
    const server = await serveExec({
      run: ({ write, socket }) => {
        write(1, 'half');
        socket.terminate();
      },
    });
    const failure = await failureOf(connect(server.url).connection);
    expect([failure.sent, failure.status]).toEqual([true, null]);
  });

  test('is given up when it lasts too long, and when its signal aborts', async () => {
    const clock = new FakeClock();
    const server = await serveExec({});
    const { connection } = connect(server.url, {}, { clock });
    const asked = failureOf(connection);
    await until(() => server.ran.length === 1);
    await clock.advance(10_000);
    expect((await asked).message).toMatch(/did not end within 10 s/);
    await until(() => server.open() === 0);
    const stop = new AbortController();
    const stopped = connection.exec({ ...COMMAND, signal: stop.signal });
    await until(() => server.ran.length === 2);
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    await until(() => server.open() === 0);
    expect(clock.timers).toBe(0);
  });

  test('is not run where nobody vouches for the server', async () => {
    const server = await serveExec({ run: ({ end }) => end(0) });
    const { connection } = connect(server.url, { ca: newAuthority(new Date()).caPem });
    expect(await failureOf(connection)).toMatchObject({ kind: 'certificate', sent: false });
    expect(server.ran).toEqual([]);
  });

  test.each(['', '.', '..'])('is not sent for a pod of the name "%s"', async (pod) => {
    const { connection } = connect('https://127.0.0.1:1');
    await expect(connection.exec({ ...COMMAND, pod })).rejects.toThrow('names no pod');
  });
});
