import { describe, expect, test } from 'vitest';
import { createEtcdReader, isOfServer, LONGEST_ANSWER } from '../../../source/links/etcd/reader.ts';
import { LinkFailure, statusFailure } from '../../../source/links/kubernetes/failure.ts';
import { connect, serve } from '../kubernetes/connected.ts';
import { serveExec, type Running } from '../kubernetes/exec-server.ts';
import { FakeClock } from '../kubernetes/fake-clock.ts';
import { freePort, json, refusal, until, type Asked } from '../kubernetes/scripted-server.ts';

const METRICS = [
  'etcd_server_has_leader 1',
  'etcd_server_is_leader 0',
  'etcd_server_id{server_id="8e9e05c52164694d"} 1',
  'etcd_mvcc_db_total_size_in_bytes 3.547136e+06',
  '',
].join('\n');

const text = (status: number, body: string, type = 'text/plain') => ({ status, body, type });

async function members(answer: (asked: Asked) => { status: number; body: string; type: string }) {
  const server = await serve((asked, response) => {
    const { status, body, type } = answer(asked);
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  const { connection } = connect(server.url);
  return { server, etcd: createEtcdReader(connection, new FakeClock()) };
}

const failureOf = async (asked: Promise<unknown>): Promise<LinkFailure> => {
  const error: unknown = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LinkFailure);
  return error as LinkFailure;
};

describe('the nodes at hand', () => {
  const node = { metadata: { name: 'master-1', uid: 'u', resourceVersion: '7' }, spec: {}, status: {} };
  const list = (items: unknown) => text(200, JSON.stringify({ kind: 'NodeList', items }), 'application/json');

  test('are those of the role, of any age, which the server answers from its cache', async () => {
    const { server, etcd } = await members(() => list([node, { kind: 'Node' }]));
    expect((await etcd.nodesAtHand()).map(({ name }) => name)).toEqual(['master-1']);
    expect(server.asked.map(({ url }) => `${url.pathname}${url.search}`)).toEqual([
      '/api/v1/nodes?resourceVersion=0&labelSelector=node-role.kubernetes.io%2Fetcd',
    ]);
  });

  test('are not taken from what is no list', async () => {
    const { etcd } = await members(() => list('none'));
    expect((await failureOf(etcd.nodesAtHand())).message).toContain('the answer is not what Kubernetes sends');
  });
});

describe('a member, by the proxy of its pod', () => {
  test('is asked on its own port by number', async () => {
    const { server, etcd } = await members(({ url }) =>
      url.pathname.endsWith('/metrics') ? text(200, METRICS) : text(200, '{"health":"true","reason":""}'),
    );
    expect(await etcd.figures('master-1')).toMatchObject({
      id: '8e9e05c52164694d',
      hasLeader: true,
      isLeader: false,
      dbSize: 3_547_136,
    });
    expect(await etcd.health('master-1')).toEqual({ healthy: true, reason: '' });
    expect(server.asked.map(({ url }) => url.pathname)).toEqual([
      '/api/v1/namespaces/kube-system/pods/etcd-master-1:2381/proxy/metrics',
      '/api/v1/namespaces/kube-system/pods/etcd-master-1:2381/proxy/health',
    ]);
  });

  test.each(['RAFT NO LEADER', 'ALARM NOSPACE'])('says itself that it is not healthy: %s', async (reason) => {
    const { etcd } = await members(() => text(503, JSON.stringify({ health: 'false', reason })));
    expect(await etcd.health('master-1')).toEqual({ healthy: false, reason });
  });

  const status = (code: number, message: string) =>
    text(code, JSON.stringify(refusal(code, 'No', message)), 'application/json');

  test.each<readonly [string, ReturnType<typeof text>, Partial<LinkFailure>, RegExp, boolean]>([
    [
      'nobody listens',
      status(503, 'error trying to reach service: dial tcp 10.0.0.1:2381: connect: connection refused'),
      { kind: 'unreachable' },
      /^The member of etcd on master-1 does not answer \(dial tcp .* connection refused\); look at the pod etcd-master-1/,
      false,
    ],
    [
      'there is no pod',
      status(404, 'pods "etcd-master-1" not found'),
      { kind: 'not-found' },
      /^No etcd runs on master-1: there is no pod etcd-master-1/,
      false,
    ],
    [
      'the member has no such page',
      text(404, '404 page not found\n'),
      { kind: 'not-found' },
      /404 page not found/,
      false,
    ],
    ['the pod has no address', status(400, 'address not allowed'), { kind: 'invalid' }, /address not allowed/, false],
    [
      'the right is missing',
      status(
        403,
        'pods "etcd-master-1:2381" is forbidden: User "ann" cannot get resource "pods/proxy" in API group "" in the namespace "kube-system"',
      ),
      { kind: 'forbidden' },
      /user "ann" has no right to get pods\/proxy/,
      false,
    ],
    ['etcd has no quorum', status(504, 'Timeout: request did not complete'), { status: 504 }, /did not complete/, true],
    ['etcd has no leader', status(500, 'etcdserver: no leader'), { status: 500 }, /etcdserver: no leader/, true],
    ['the server starts', status(429, 'storage is (re)initializing'), { kind: 'starting' }, /not ready/, true],
    ['the server is not ready', status(503, 'not yet'), { kind: 'starting' }, /not ready/, true],
    ['a proxy answers', text(502, '<html>Bad Gateway</html>', 'text/html'), { status: 502 }, /a web page came/, true],
    ['a web page comes', text(200, '<html>Login</html>', 'text/html'), { kind: 'protocol' }, /not the metrics/, false],
    ['too much comes', text(200, 'x 1\n'.repeat(2_700_000)), { kind: 'protocol' }, /passes 2 MiB/, false],
  ])('fails where %s, and is known to be of the server or not', async (_, answer, expected, sentence, isDark) => {
    const { etcd } = await members(() => answer);
    const failure = await failureOf(etcd.figures('master-1'));
    expect(failure).toMatchObject(expected);
    expect(failure.message).toMatch(sentence);
    expect(isOfServer(failure)).toBe(isDark);
    expect(isOfServer(await failureOf(etcd.health('master-1')))).toBe(isDark);
  });

  test('counts as one that does not answer after three seconds, and idle connections stay', async () => {
    const clock = new FakeClock();
    const server = await serve((asked, answer) => {
      if (!asked.url.pathname.includes('etcd')) json(answer, 200, {});
    });
    const { connection, held } = connect(server.url);
    await connection.json({ what: 'warm up', method: 'GET', path: '/version' });
    const etcd = createEtcdReader(connection, clock);
    const asked = failureOf(etcd.health('master-1'));
    await until(() => server.asked.length === 2);
    await clock.advance(LONGEST_ANSWER);
    const failure = await asked;
    expect(failure.message).toMatch(/^The member of etcd on master-1 gave no answer within 3 s through https:/);
    expect([failure.kind, isOfServer(failure), held.unanswered]).toEqual(['timeout', true, 0]);
    expect(clock.timers).toBe(0);
  });

  test('is a matter of the server where that is not there', async () => {
    const { connection } = connect(`https://127.0.0.1:${await freePort()}`);
    expect(isOfServer(await failureOf(createEtcdReader(connection, new FakeClock()).health('a')))).toBe(true);
  });

  test('is given up with the signal', async () => {
    const server = await serve(() => undefined);
    const stop = new AbortController();
    const asked = createEtcdReader(connect(server.url).connection, new FakeClock()).health('a', stop.signal);
    await until(() => server.asked.length === 1);
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});

const LIST = JSON.stringify({
  header: { cluster_id: 1, member_id: 2, raft_term: 2 },
  members: [{ ID: 2, name: 'master-1', peerURLs: ['https://10.0.0.1:2380'], clientURLs: ['https://10.0.0.1:2379'] }],
});
// Written by hand: no number of JavaScript holds these ids.
const STATUS_TEXT = `[{"Endpoint":"https://127.0.0.1:2379","Status":{"header":{"cluster_id":1679747284790014892,
  "member_id":8589276598802865319,"revision":1312,"raft_term":2},"version":"3.5.15","dbSize":3547136,
  "leader":8589276598802865319,"raftIndex":1409,"raftTerm":2,"raftAppliedIndex":1409,
  "errors":["memberID:8589276598802865319 alarm:NOSPACE ","memberID:8589276598802865319  alarm:NOSPACE","alarm:CORRUPT ","etcdserver: no leader"],
  "dbSizeInUse":1470464}}]`;

const MEMBER = 8589276598802865319n.toString(16);

async function execs(run: (running: Running, pod: string) => void) {
  const server = await serveExec({ run: (running) => run(running, running.url.pathname.split('/')[6] ?? '') });
  const { connection } = connect(server.url);
  return { server, etcd: createEtcdReader(connection, new FakeClock()) };
}

const answers = ({ url, write, end }: Running) => {
  write(1, url.searchParams.getAll('command').includes('status') ? STATUS_TEXT : LIST);
  end(0);
};

describe('all members, by etcdctl', () => {
  test('are told by one of them, with its leader and the alarms of all', async () => {
    const { server, etcd } = await execs(answers);
    expect(await etcd.membership(['master-1'])).toEqual({
      cluster: '1',
      members: [
        {
          id: '2',
          name: 'master-1',
          peerUrls: ['https://10.0.0.1:2380'],
          clientUrls: ['https://10.0.0.1:2379'],
          isLearner: false,
        },
      ],
      leader: MEMBER,
      alarms: [
        { member: MEMBER, kind: 'NOSPACE' },
        { member: null, kind: 'CORRUPT' },
      ],
    });
    const certificate = '/etc/kubernetes/pki/etcd/healthcheck-client';
    expect(server.ran.map(({ url }) => url.searchParams.getAll('command').join(' ')).toSorted()).toEqual(
      ['endpoint status -w json', 'member list -w json'].map(
        (words) =>
          `etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=${certificate}.crt --key=${certificate}.key ${words}`,
      ),
    );
    expect(server.ran[0]?.url.pathname).toBe('/api/v1/namespaces/kube-system/pods/etcd-master-1/exec');
    expect(server.ran[0]?.url.searchParams.get('container')).toBe('etcd');
    expect(await etcd.revision(['master-1'])).toBe('1312');
  });

  test('are told by the next where the first cannot', async () => {
    const { server, etcd } = await execs((running, pod) => {
      if (pod === 'etcd-a') running.status(refusal(500, 'InternalError', 'error sending request: connection refused'));
      else if (pod === 'etcd-b') {
        running.write(2, '{"level":"warn"}\nError: etcdserver: rpc not supported for learner\n');
        running.end(1);
      } else answers(running);
    });
    expect((await etcd.members(['a', 'b', 'c'])).members).toHaveLength(1);
    expect(server.ran).toHaveLength(3);
  });

  test('fail with the words of etcdctl where none can', async () => {
    const { etcd } = await execs(({ write, end }) => {
      write(2, '{"level":"warn"}\nError: context deadline exceeded\u001b[2J\n');
      end(1);
    });
    const { message } = await failureOf(etcd.members(['a', 'b']));
    expect(message).toMatch(/^Cannot list the members of etcd on a: etcdctl ended with 1 \(context deadline exceeded/);
    expect(message).not.toContain('\u001b');
  });

  test('are asked of one alone where the right is missing, or the server has no answer', async () => {
    for (const [code, message] of [
      [403, 'pods "etcd-a" is forbidden: '],
      [504, 'Timeout'],
    ] as const) {
      const refuse = { status: code, body: JSON.stringify(refusal(code, 'No', message)) };
      const server = await serveExec({ refuse });
      const { connection } = connect(server.url);
      const failure = await failureOf(createEtcdReader(connection, new FakeClock()).members(['a', 'b', 'c']));
      expect([failure.status, connection.requests()]).toEqual([code, 1]);
    }
  });

  test('fail where no node is known, and where what came tells nothing', async () => {
    const { etcd } = await execs(({ write, end }) => {
      write(1, '[]');
      end(0);
    });
    expect((await failureOf(etcd.members([]))).message).toMatch(/no node is known that runs etcd/);
    expect((await failureOf(etcd.status(['a']))).message).toMatch(/etcdctl on a answered tells of no member/);
  });
});

test('whether a failure is of the server is told for every way in which there is no answer', () => {
  const asked = { what: 'x', server: 'https://s' };
  expect(isOfServer(new LinkFailure({ kind: 'certificate', message: 'x' }))).toBe(true);
  expect(isOfServer(new LinkFailure({ kind: 'protocol', message: 'x' }))).toBe(false);
  expect(isOfServer(statusFailure(asked, { status: 401, body: '' }))).toBe(false);
});
