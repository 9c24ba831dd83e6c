import { describe, expect, test } from 'vitest';
import { createEtcdWriter, type EtcdWriter } from '../../../source/links/etcd/writer.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { readsOnly } from '../../../source/links/kubernetes/reads.ts';
import { connect } from '../kubernetes/connected.ts';
import { serveExec, type Running } from '../kubernetes/exec-server.ts';
import { freePort, refusal } from '../kubernetes/scripted-server.ts';

const DOINGS: Readonly<Record<string, readonly [(writer: EtcdWriter) => Promise<void>, string]>> = {
  compact: [(writer) => writer.compact('a', '1312'), '--command-timeout=10m compact --physical 1312'],
  defragment: [(writer) => writer.defragment('a'), '--command-timeout=10m defrag'],
  disarm: [(writer) => writer.disarm('a'), 'alarm disarm'],
  'move the leader': [(writer) => writer.moveLeader('a', '8e9e05c52164694d'), 'move-leader 8e9e05c52164694d'],
};

async function writes(run: (running: Running) => void) {
  const server = await serveExec({ run });
  const { connection } = connect(server.url);
  return { server, connection, writer: createEtcdWriter(connection) };
}

const failureOf = async (asked: Promise<unknown>): Promise<LinkFailure> => {
  const error: unknown = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LinkFailure);
  return error as LinkFailure;
};

const ends = (exitCode: number, words: string) => (running: Running) => {
  running.write(2, words);
  running.end(exitCode);
};

describe('what is asked of a member', () => {
  test.each(Object.entries(DOINGS))('%s: is sent once, in the pod of the member', async (_, [ask, words]) => {
    const { server, writer } = await writes(({ end }) => end(0));
    await ask(writer);
    expect(server.ran.map(({ url }) => url.searchParams.getAll('command').slice(5).join(' '))).toEqual([words]);
    expect(server.ran[0]?.url.pathname).toBe('/api/v1/namespaces/kube-system/pods/etcd-a/exec');
  });

  test('is nothing that a reader may send', async () => {
    const { server, connection } = await writes(({ end }) => end(0));
    for (const [ask] of Object.values(DOINGS))
      await expect(ask(createEtcdWriter(readsOnly(connection)))).rejects.toThrow(/is no read/);
    expect(server.ran).toEqual([]);
  });

  test.each([
    ['etcd refuses', ends(1, 'Error: etcdserver: not leader\n'), 'server', /etcdserver: not leader/],
    [
      'it is compacted',
      ends(1, 'Error: etcdserver: mvcc: required revision has been compacted'),
      'server',
      /compacted/,
    ],
    [
      'etcd gave up',
      ends(1, 'Error: context deadline exceeded\n'),
      'unknown-outcome',
      /^Whether etcd did it is unknown/,
    ],
    ['etcdctl was killed', ends(137, ''), 'unknown-outcome', /etcdctl ended with 137/],
    ['the connection is cut', ({ socket }: Running) => socket.terminate(), 'unknown-outcome', /is unknown/],
    [
      'no kubelet answers',
      ({ status }: Running) => status(refusal(500, 'InternalError', 'error sending request: connection refused')),
      'server',
      /connection refused/,
    ],
  ] as const)('fails where %s', async (_, run, kind, sentence) => {
    const { server, writer } = await writes(run);
    const failure = await failureOf(writer.defragment('a'));
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(sentence);
    expect(server.ran).toHaveLength(1);
  });

  test('was not done where nobody was reached, or the right is missing', async () => {
    const { connection } = connect(`https://127.0.0.1:${await freePort()}`);
    expect((await failureOf(createEtcdWriter(connection).disarm('a'))).kind).toBe('refused');
    const body = JSON.stringify(refusal(403, 'Forbidden', 'pods "etcd-a" is forbidden: '));
    const server = await serveExec({ refuse: { status: 403, body } });
    expect((await failureOf(createEtcdWriter(connect(server.url).connection).disarm('a'))).kind).toBe('forbidden');
  });
});
