import { get as plainGet } from 'node:http';
import { connect, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  manualClock,
  startSandbox,
  type ManualClock,
  type Sandbox,
  type SandboxOptions,
  type SceneName,
} from '../../../source/sandbox/sandbox.ts';
import type { Pod } from '../../../source/sandbox/wire.ts';
import { clientOf, type Client, type Reply } from '../client.ts';
import { readRecordings, type Recording } from '../recordings.ts';
import { driven, ETCDCTL, exec, proxied, sample } from './ask.ts';

const { RECORDINGS = '' } = process.env;

let sandbox: Sandbox;
let clock: ManualClock;
let client: Client;
const begin = async (scene: SceneName, options: SandboxOptions = {}): Promise<void> => {
  clock = manualClock();
  sandbox = await startSandbox({ scene, clock, heartbeats: false, churn: false, ...options });
  client = clientOf(sandbox);
};
afterEach(async () => {
  client.close();
  await sandbox.stop();
});

const asked = (method: string, path: string, body?: unknown): Promise<Reply> =>
  driven(clock, client.ask(method, path, body === undefined ? {} : { body }));
const cordon = (dryRun = ''): Promise<Reply> =>
  driven(clock, client.patch(`/api/v1/nodes/par1-worker-1${dryRun}`, 'merge', { spec: { unschedulable: true } }));
const podOf = (node: string): Pod | undefined => sandbox.world.pods.get(`kube-system/etcd-${node}`);

describe('the scene etcd-member-down', () => {
  it('has a member that refuses, and whose container is started again and again', async () => {
    await begin('etcd-member-down');
    expect(await asked('GET', proxied('par1-control-2', '/health'))).toMatchObject({ status: 503 });
    expect((await asked('GET', proxied('par1-bootstrap', '/health'))).text).toBe('{"health":"true","reason":""}');
    const { status } = podOf('par1-control-2') ?? {};
    expect(status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
    });
    expect(status?.containerStatuses).toMatchObject([
      { ready: false, restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } },
    ]);
  });

  it('is over once the member is started', async () => {
    await begin('etcd-member-down');
    const started = clock.now();
    sandbox.world.etcd.start('par1-control-2');
    clock.advance(5000);
    const { text } = await asked('GET', proxied('par1-control-2', '/metrics'));
    expect(sample(text, 'etcd_server_has_leader')).toBe(1);
    expect(sample(text, 'process_start_time_seconds')).toBe(started / 1000);
    expect(podOf('par1-control-2')?.status.containerStatuses).toMatchObject([{ ready: true, restartCount: 5 }]);
  });
});

describe('the scene etcd-slow-disk', () => {
  it('has one member whose log and database are slow', async () => {
    await begin('etcd-slow-disk');
    const share = async (node: string, name: string, bound: string): Promise<number> => {
      const { text } = await asked('GET', proxied(node, '/metrics'));
      return sample(text, `${name}_bucket{le="${bound}"}`) / sample(text, `${name}_count`);
    };
    expect(await share('par1-control-2', 'etcd_disk_wal_fsync_duration_seconds', '0.512')).toBeLessThan(0.99);
    expect(await share('par1-control-2', 'etcd_disk_backend_commit_duration_seconds', '0.256')).toBeLessThan(0.99);
    expect(await share('par1-bootstrap', 'etcd_disk_wal_fsync_duration_seconds', '0.008')).toBeGreaterThan(0.99);
  });
});

describe('the scene etcd-quota-low', () => {
  it('has files that are nearly full and grow, until an alarm is raised', async () => {
    await begin('etcd-quota-low');
    const size = async (): Promise<number> => {
      const { text } = await asked('GET', proxied('par1-bootstrap', '/metrics'));
      return sample(text, 'etcd_mvcc_db_total_size_in_bytes') / sample(text, 'etcd_server_quota_backend_bytes');
    };
    const first = await size();
    expect(first).toBeGreaterThan(0.95);
    clock.advance(3_600_000);
    expect(await size()).toBeGreaterThan(first);
    expect((await cordon()).status).toBe(200);
    clock.advance(5 * 3_600_000);
    expect((await cordon('?dryRun=All')).status).toBe(200);
    expect((await cordon()).status).toBe(500);
    expect(sandbox.world.etcd.alarms).toHaveLength(3);
    expect(await asked('GET', proxied('par1-bootstrap', '/health'))).toMatchObject({ status: 503 });
  });
});

describe('the scene etcd-nospace', () => {
  it('refuses writes and reads on, until it is compacted, defragmented and disarmed', async () => {
    await begin('etcd-nospace');
    expect((await cordon()).body).toMatchObject({ code: 500, message: 'etcdserver: mvcc: database space exceeded' });
    expect((await cordon('?dryRun=All')).status).toBe(200);
    for (const path of ['/api/v1/nodes', '/api/v1/nodes/par1-worker-1', '/readyz', '/livez'])
      expect([path, (await asked('GET', path)).status]).toEqual([path, 200]);
    expect((await asked('GET', proxied('par1-bootstrap', '/health'))).text).toBe(
      '{"health":"false","reason":"ALARM NOSPACE"}',
    );
    expect((await asked('GET', proxied('par1-bootstrap', '/health?exclude=NOSPACE'))).status).toBe(200);

    const run = (pod: string, words: string): Promise<{ ending: unknown }> =>
      driven(clock, exec(sandbox, `etcd-${pod}`, [...ETCDCTL, ...words.split(' ')]));
    const done = { ending: { metadata: {}, status: 'Success' } };
    const nodes = sandbox.world.etcd.members.map(({ node }) => node);
    expect(await run('par1-bootstrap', `compact --physical ${sandbox.world.etcd.revision}`)).toMatchObject(done);
    for (const node of nodes) expect(await run(node, '--command-timeout=10m defrag')).toMatchObject(done);
    expect(await run('par1-bootstrap', 'alarm disarm')).toMatchObject(done);
    for (const { size } of sandbox.world.etcd.members) expect(size).toBeLessThan(0.25 * sandbox.world.etcd.quota);
    expect((await cordon()).status).toBe(200);
    clock.advance(5000);
    expect(sandbox.world.etcd.alarms).toEqual([]);
  });

  it('is full again with the next write when it was only disarmed', async () => {
    await begin('etcd-nospace');
    sandbox.world.etcd.disarm();
    expect((await cordon()).status).toBe(200);
    clock.advance(5000);
    expect(sandbox.world.etcd.alarms).toHaveLength(3);
  });
});

describe('the scene etcd-no-quorum', () => {
  const lost = async (): Promise<void> => {
    await begin('etcd-no-quorum');
    expect((await asked('GET', '/readyz')).status).toBe(200);
    clock.advance(10_000);
  };

  it('has lost it when it starts, for who comes only then', async () => {
    await begin('etcd-no-quorum', { happened: true });
    expect(sandbox.world.etcd.members.map((member) => sandbox.world.etcd.isRunning(member))).toEqual([
      true,
      false,
      false,
    ]);
    expect((await asked('GET', '/readyz')).status).toBe(500);
    expect((await asked('GET', '/api/v1/nodes?resourceVersion=0')).status).toBe(200);
    sandbox.world.etcd.start('par1-control-1');
    clock.advance(60_000);
    expect(sandbox.world.etcd.hasQuorum).toBe(true);
  });

  it('answers from memory, and waits in vain for all else', async () => {
    await lost();
    expect((await asked('GET', '/api/v1/nodes?resourceVersion=0')).status).toBe(200);
    expect((await asked('GET', '/livez')).status).toBe(200);
    const begun = clock.now();
    expect((await cordon()).status).toBe(504);
    expect(clock.now() - begun).toBeGreaterThanOrEqual(34_000);
    expect((await asked('GET', '/readyz')).status).toBe(500);
  });

  it('changes nothing by itself, and goes on as soon as a member is back', async () => {
    await begin('etcd-no-quorum', { heartbeats: true, churn: true });
    clock.advance(10_000);
    const { current } = sandbox.world.revisions;
    clock.advance(120_000);
    expect(sandbox.world.revisions.current).toBe(current);
    sandbox.world.etcd.start('par1-control-1');
    clock.advance(30_000);
    expect(sandbox.world.revisions.current).toBeGreaterThan(current);
    expect((await cordon()).status).toBe(200);
  });

  it('ends what is watched, and tells when to come again', async () => {
    await begin('etcd-no-quorum');
    const stream = await client.watch('/api/v1/nodes?watch=1&resourceVersion=0');
    await stream.take(6);
    clock.advance(10_000);
    expect(await stream.next()).toBeNull();
    const again = await asked('GET', '/api/v1/nodes?watch=1');
    expect([again.status, again.headers['retry-after']]).toEqual([429, '26']);
  });

  it('has a member that can be asked at its own address, where there is more than one of loopback', async () => {
    await lost();
    const addresses = sandbox.world.etcd.members.map(({ address }) => address);
    if (addresses.every((address) => address.startsWith('10.'))) return;
    const health = (address: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const request = plainGet(`http://${address}:2381/health`, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () => resolve(`${response.statusCode ?? ''} ${text}`));
        });
        request.on('error', reject);
      });
    const nodes = sandbox.world.nodes.all().flatMap(({ status }) => status.addresses ?? []);
    for (const address of addresses) expect(nodes).toContainEqual({ type: 'InternalIP', address });
    const [first = '', ...others] = addresses;
    expect(await health(first)).toBe('503 {"health":"false","reason":"RAFT NO LEADER"}');
    for (const other of others) await expect(health(other)).rejects.toThrow('ECONNREFUSED');
  });
});

describe.runIf(RECORDINGS !== '')('what an API server answers whose etcd is ill', () => {
  const failures = RECORDINGS === '' ? [] : readRecordings(`${RECORDINGS}/etcd-3.5.30-failures`);
  const nospace = RECORDINGS === '' ? [] : readRecordings(`${RECORDINGS}/etcd-3.5.30`);
  const of = (recordings: readonly Recording[], name: string): Recording['response'] => {
    const found = recordings.find((each) => each.name.endsWith(name));
    if (!found) throw new Error(`there is no recording ${name}`);
    return found.response;
  };
  /** Lines of checks that this server knows, for another version has others. */
  const checks = (text = ''): string[] =>
    text
      .split('\n')
      .filter(
        (line) => /etcd|ping|log|informer-sync|check (passed|failed)/.test(line) && !line.includes('poststarthook'),
      );

  it.each([
    ['no-quorum-apiserver-patch', 'PATCH', '/api/v1/nodes/par1-worker-1'],
    ['no-quorum-apiserver-get', 'GET', '/api/v1/nodes/par1-worker-1'],
    ['no-quorum-apiserver-list-consistent', 'GET', '/api/v1/nodes?limit=1'],
  ])('%s', async (name, method, path) => {
    await begin('etcd-no-quorum');
    clock.advance(10_000);
    const got = method === 'PATCH' ? await cordon() : await asked(method, path);
    const { status, body, text, headers } = of(failures, name);
    expect(got.status).toBe(status);
    expect(got.headers['content-type']).toBe(headers['content-type']);
    if (body === undefined) expect(got.text).toBe(text);
    else expect(got.body).toEqual(body);
  });

  it.each(['livez', 'readyz'])('no-quorum-apiserver-%s', async (probe) => {
    await begin('etcd-no-quorum');
    clock.advance(10_000);
    const got = await asked('GET', `/${probe}?verbose`);
    const { status, text, headers } = of(failures, `no-quorum-apiserver-${probe}`);
    expect(got.status).toBe(status);
    expect(got.headers['x-content-type-options']).toBe(headers['x-content-type-options']);
    expect(checks(text)).toEqual(expect.arrayContaining(checks(got.text)));
  });

  it('nospace-apiserver-patch', async () => {
    await begin('etcd-nospace');
    const { status, body } = of(nospace, 'nospace-apiserver-patch');
    const got = await cordon();
    expect([got.status, got.body]).toEqual([status, body]);
  });
});

describe('the scene certificates-near-expiry', () => {
  const daysUntil = (text: string): number => (Date.parse(text) - Date.now()) / 86_400_000;

  const certificateAt = (where: ConnectionOptions): Promise<PeerCertificate> =>
    new Promise((resolve, reject) => {
      const socket = connect(where, () => {
        resolve(socket.getPeerCertificate());
        socket.destroy();
      });
      socket.on('error', reject);
    });

  it('has an API server whose certificate ends in 11 days, and clients whose ends in 24', async () => {
    await begin('certificates-near-expiry');
    const { users } = parse(sandbox.kubeconfig()) as {
      users: [{ user: { 'client-certificate-data': string } }];
    };
    const own = new X509Certificate(Buffer.from(users[0].user['client-certificate-data'], 'base64'));
    expect(daysUntil(own.validTo)).toBeCloseTo(24.5, 1);
    const shown = await certificateAt({ host: '127.0.0.1', port: sandbox.port, ca: sandbox.caPem });
    expect(daysUntil(shown.valid_to)).toBeCloseTo(11.5, 1);
    expect((await asked('GET', '/api/v1/nodes')).status).toBe(200);
  });

  it('has masters and an ingress that show theirs at their own addresses', async () => {
    await begin('certificates-near-expiry');
    const addresses = sandbox.world.etcd.members.map(({ address }) => address);
    if (addresses.every((address) => address.startsWith('10.'))) return;
    for (const host of addresses) {
      const shown = await certificateAt({ host, port: 6443, ca: sandbox.caPem });
      expect(daysUntil(shown.valid_to)).toBeCloseTo(11.5, 1);
    }
    const ingress = await certificateAt({ host: addresses[0] ?? '', port: 8443, rejectUnauthorized: false });
    expect(daysUntil(ingress.valid_to)).toBeCloseTo(365, 1);
    expect([ingress.issuer.CN, ingress.subject.CN]).toEqual(['metalk8s-ingress', 'control-plane-ingress']);
  });
});

describe('the scene two-problems', () => {
  it('has a lost node and a member that is down', async () => {
    await begin('two-problems');
    const lost = sandbox.world.nodes.get('par1-worker-1');
    expect(lost?.status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'Unknown' });
    expect(await asked('GET', proxied('par1-control-2', '/health'))).toMatchObject({ status: 503 });
    expect(sandbox.world.etcd.hasQuorum).toBe(true);
  });
});
