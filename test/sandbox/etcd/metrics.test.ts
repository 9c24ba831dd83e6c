import { afterEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import { clientOf, type Client, type Reply } from '../client.ts';
import { readRecordings } from '../recordings.ts';
import { driven, proxied, sample } from './ask.ts';

const { RECORDINGS = '' } = process.env;

let sandbox: Sandbox;
let clock: ManualClock;
let client: Client;
const begin = async (): Promise<void> => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, heartbeats: false, churn: false });
  client = clientOf(sandbox);
};
afterEach(async () => {
  client.close();
  await sandbox.stop();
});

const ask = (node: string, path: string): Promise<Reply> => client.get(proxied(node, path));
const metrics = async (node: string): Promise<string> => (await ask(node, '/metrics')).text;

type Family = { type: string; labels: string };

/** The families of a text, each with its type and the names of its labels. */
function familiesOf(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let name = '';
  for (const line of text.split('\n')) {
    const [, kind, named = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (kind === 'TYPE') families.set((name = named), { type: rest, labels: '' });
    const labels = /^[^#]\S*\{(.*)\}/.exec(line)?.[1];
    const family = families.get(name);
    if (family && labels !== undefined && family.labels === '') {
      family.labels = [...labels.matchAll(/(\w+)=/g)].map(([, label]) => label).join();
    }
  }
  return families;
}

const helpOf = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', help = '']) => [name, help]));

describe.runIf(RECORDINGS !== '')('metrics of a member, beside those of a real one', () => {
  const textOf = (folder: string, name: string): string =>
    readRecordings(`${RECORDINGS}/${folder}`).find((each) => each.name.endsWith(name))?.response.text ?? '';

  it('have the names, the types, the labels and the words of etcd', async () => {
    await begin();
    const real = [
      textOf('etcd-3.5.30', '018-metrics'),
      textOf('k8s-v1.36.2-extra', '059-podproxy-etcd-metrics'),
      textOf('etcd-3.5.30-failures', '030-no-quorum-metrics-has-leader'),
    ].join('\n');
    const own = await metrics('par1-bootstrap');
    const [known, help] = [familiesOf(real), helpOf(real)];
    const told = familiesOf(own);
    expect(told.size).toBeGreaterThan(40);
    for (const [name, family] of told) {
      expect([name, family.type]).toEqual([name, known.get(name)?.type]);
      const labels = known.get(name)?.labels ?? '';
      if (labels !== '') expect([name, family.labels]).toEqual([name, labels]);
    }
    for (const [name, words] of helpOf(own)) expect(words).toBe(help.get(name));
  });

  it('have the buckets of etcd', async () => {
    await begin();
    const real = textOf('etcd-3.5.30', '018-metrics');
    const own = await metrics('par1-bootstrap');
    const bounds = (text: string, name: string): Set<string> =>
      new Set(
        [...text.matchAll(new RegExp(`^${name}_bucket\\{.*le="([^"]+)"\\}`, 'gm'))].map(([, bound]) => bound ?? ''),
      );
    for (const name of [
      'etcd_disk_wal_fsync_duration_seconds',
      'etcd_disk_backend_commit_duration_seconds',
      'etcd_disk_backend_defrag_duration_seconds',
      'etcd_network_peer_round_trip_time_seconds',
    ])
      expect([name, bounds(own, name)]).toEqual([name, bounds(real, name)]);
  });

  it.each([
    ['060-podproxy-etcd-health', '/health'],
    ['061-podproxy-etcd-version', '/version'],
    ['068-podproxy-404-of-backend', '/nothing-here'],
  ])('%s is answered as it was', async (name, path) => {
    await begin();
    const recorded = readRecordings(`${RECORDINGS}/k8s-v1.36.2-extra`).find((each) => each.name === name)?.response;
    const got = await ask('par1-bootstrap', path);
    expect([got.status, got.text]).toEqual([recorded?.status, recorded?.text]);
    for (const header of ['content-type', 'cache-control', 'x-content-type-options'])
      expect(got.headers[header]).toBe(recorded?.headers[header]);
  });
});

describe('metrics of a member', () => {
  it('move with what is written and with time', async () => {
    await begin();
    const before = await metrics('par1-control-1');
    sandbox.world.nodes.update('par1-worker-1', (node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
    clock.advance(20_000);
    const after = await metrics('par1-control-1');
    const grown = (name: string): number => sample(after, name) - sample(before, name);
    expect(grown('etcd_server_proposals_applied_total')).toBeGreaterThan(0);
    expect(grown('etcd_disk_wal_fsync_duration_seconds_count')).toBe(grown('etcd_server_proposals_applied_total'));
    const [other] = sandbox.world.etcd.members;
    expect(grown(`etcd_network_peer_round_trip_time_seconds_count{To="${other?.hex ?? ''}"}`)).toBe(5);
  });

  it('have buckets that never fall, and end with the count', async () => {
    await begin();
    const text = await metrics('par1-bootstrap');
    const counts = [...text.matchAll(/^etcd_disk_wal_fsync_duration_seconds_bucket\{le="[^"]+"\} (\d+)$/gm)].map(
      ([, n]) => Number(n),
    );
    expect(counts).toHaveLength(15);
    expect([...counts].sort((a, b) => a - b)).toEqual(counts);
    expect(counts.at(-1)).toBe(sample(text, 'etcd_disk_wal_fsync_duration_seconds_count'));
  });

  it('put a few round trips where most of them lie', async () => {
    await begin();
    const [other] = sandbox.world.etcd.members;
    const upTo = async (bound: string): Promise<number> =>
      sample(
        await metrics('par1-control-1'),
        `etcd_network_peer_round_trip_time_seconds_bucket{To="${other?.hex ?? ''}",le="${bound}"}`,
      );
    const before = [await upTo('0.0128'), await upTo('+Inf')];
    clock.advance(12_000);
    const after = [await upTo('0.0128'), await upTo('+Inf')];
    expect(after.map((count, index) => count - (before[index] ?? NaN))).toEqual([3, 3]);
  });

  it('name one leader, whom all know, and ids that no number holds', async () => {
    await begin();
    const { members, leader } = sandbox.world.etcd;
    const texts = await Promise.all(members.map(({ node }) => metrics(node)));
    expect(texts.map((text) => sample(text, 'etcd_server_is_leader'))).toEqual([0, 1, 0]);
    expect(texts.map((text) => sample(text, 'etcd_server_has_leader'))).toEqual([1, 1, 1]);
    expect(leader?.node).toBe('par1-control-1');
    for (const [index, { hex, id }] of members.entries()) {
      expect(texts[index]).toContain(`etcd_server_id{server_id="${hex}"} 1\n`);
      expect(id).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
    }
  });

  it('tell of a member that is gone: who it is not sent to, and that another leads', async () => {
    await begin();
    const [first, second] = sandbox.world.etcd.members;
    sandbox.world.etcd.stop('par1-control-1');
    clock.advance(10_000);
    const text = await metrics('par1-bootstrap');
    expect(sample(text, 'etcd_server_is_leader')).toBe(1);
    expect(sample(text, 'etcd_server_leader_changes_seen_total')).toBe(2);
    const between = `{Local="${first?.hex ?? ''}",Remote="${second?.hex ?? ''}"}`;
    expect(sample(text, `etcd_network_active_peers${between}`)).toBe(0);
    expect(sample(text, `etcd_network_disconnected_peers_total${between}`)).toBe(1);
    expect(sample(text, `etcd_network_peer_sent_failures_total{To="${second?.hex ?? ''}"}`)).toBe(100);
  });
});

const refusals: [what: string, path: string, status: number, message: string][] = [
  [
    'a scheme that is none',
    'kube-system/pods/ftp:etcd-par1-bootstrap:2381/proxy/health',
    400,
    'invalid pod request "ftp:etcd-par1-bootstrap:2381"',
  ],
  ['a pod that is not there', 'kube-system/pods/http:nobody:2381/proxy/health', 404, 'pods "nobody" not found'],
  [
    'a port on which nothing listens',
    'kube-system/pods/http:etcd-par1-bootstrap:2399/proxy/health',
    503,
    'error trying to reach service: dial tcp 10.1.0.11:2399: connect: connection refused',
  ],
  [
    'TLS where there is none',
    'kube-system/pods/https:etcd-par1-bootstrap:2381/proxy/health',
    503,
    'error trying to reach service: tls: first record does not look like a TLS handshake',
  ],
];

describe('a proxy to a pod', () => {
  it.each(refusals)('refuses %s', async (_what, path, status, message) => {
    await begin();
    const { body, status: got } = await client.get(`/api/v1/namespaces/${path}`);
    expect([got, body]).toMatchObject([status, { kind: 'Status', message, code: status }]);
  });

  it('is for those who may get pods/proxy', async () => {
    await begin();
    const reader = clientOf(sandbox, 'reader');
    const { status, body } = await reader.get(proxied('par1-bootstrap', '/metrics'));
    reader.close();
    expect(status).toBe(403);
    expect(body).toMatchObject({
      message:
        'pods "etcd-par1-bootstrap:2381" is forbidden: User "sandbox-reader" cannot get resource "pods/proxy" in API group "" in the namespace "kube-system"',
    });
  });

  it('says that a member which is stopped refuses', async () => {
    await begin();
    sandbox.world.etcd.stop('par1-bootstrap');
    expect((await ask('par1-bootstrap', '/health')).body).toMatchObject({
      code: 503,
      message: 'error trying to reach service: dial tcp 10.1.0.11:2381: connect: connection refused',
    });
  });

  it('says after a while that a machine which is down is not found', async () => {
    await begin();
    sandbox.world.silence('par1-control-2');
    expect((await driven(clock, ask('par1-control-2', '/health'))).body).toMatchObject({
      code: 503,
      message: 'error trying to reach service: dial tcp 10.1.0.13:2381: connect: no route to host',
    });
  });
});
