import { describe, expect, test } from 'vitest';
import { createControlPlaneReader } from '../../../source/links/control-plane/reader.ts';
import { realClock } from '../../../source/links/kubernetes/clock.ts';
import type { Credentials } from '../../../source/links/kubernetes/access.ts';
import { newAuthority } from '../../../source/sandbox/certificates.ts';
import { connect, serve } from '../kubernetes/connected.ts';
import { authority, freePort, json, refusal, type Script } from '../kubernetes/scripted-server.ts';

const WELL: Script = (_, answer) => void answer.end('[+]ping ok\n[+]etcd ok\nlivez check passed\n');
const ILL = '[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n';

function readerOf(server: string, more: Partial<Credentials> = {}) {
  const { connection } = connect(server, more);
  return { reader: createControlPlaneReader(connection, realClock), connection };
}

describe('the health of an API server', () => {
  test('is what it says at its own address, by checks and with its time, ready or not', async () => {
    const first = await serve(WELL);
    const other = await serve((asked, answer) => {
      if (asked.url.pathname === '/readyz') answer.writeHead(500).end(ILL);
      else return WELL(asked, answer);
    });
    const { reader, connection } = readerOf(first.url);
    connection.doors([other.url]);
    expect(await reader.apiServers()).toEqual([first.url, other.url]);
    expect(await reader.health(other.url)).toEqual({
      address: other.url,
      live: {
        ok: true,
        checks: [
          { name: 'ping', ok: true },
          { name: 'etcd', ok: true },
        ],
        milliseconds: expect.any(Number) as number,
      },
      ready: {
        ok: false,
        checks: [
          { name: 'ping', ok: true },
          { name: 'etcd', ok: false },
        ],
        milliseconds: expect.any(Number) as number,
      },
    });
    expect(first.asked).toEqual([]);
    expect(other.asked.map(({ url, headers }) => [url.pathname + url.search, headers.authorization])).toEqual([
      ['/livez?verbose=', 'Bearer token-1'],
      ['/readyz?verbose=', 'Bearer token-1'],
    ]);
    expect(connection.door()).toBeNull();
  });

  test.each([
    ['who may not ask', 403, refusal(403, 'Forbidden', 'forbidden: User "me" cannot get path "/livez"'), 'forbidden'],
    ['a server that starts', 503, refusal(503, 'ServiceUnavailable', 'starting'), 'starting'],
  ])('is not known to %s', async (_, status, body, kind) => {
    const server = await serve((_asked, answer) => json(answer, status, body));
    await expect(readerOf(server.url).reader.health(server.url)).rejects.toMatchObject({ kind, status });
  });

  test('is not known of one that nobody reaches', async () => {
    const server = await serve(WELL);
    const { reader, connection } = readerOf(server.url);
    const dark = `https://127.0.0.1:${await freePort()}`;
    connection.doors([dark]);
    await expect(reader.health(dark)).rejects.toMatchObject({ kind: 'refused', sent: false });
  });

  test('is asked of nobody for whom the CA of the kubeconfig does not vouch', async () => {
    const first = await serve(WELL);
    const foreign = await serve(WELL, { signedBy: newAuthority(new Date()) });
    const { reader, connection } = readerOf(first.url);
    connection.doors([foreign.url]);
    await expect(reader.health(foreign.url)).rejects.toMatchObject({ kind: 'certificate' });
    expect(foreign.asked).toEqual([]);
  });

  test.each<[string, Partial<Credentials>]>([
    ['without verification', { verify: false }],
    ['without a CA of its own', { ca: null }],
  ])('is asked of the first door alone %s', async (_, more) => {
    const first = await serve(WELL);
    const other = await serve(WELL);
    const { reader, connection } = readerOf(first.url, more);
    connection.doors([other.url]);
    expect(await reader.apiServers()).toEqual([first.url]);
    await expect(reader.health(other.url)).rejects.toMatchObject({ kind: 'not-found', sent: false });
    expect(other.asked).toEqual([]);
  });
});

describe('what is listed', () => {
  const LIST: Script = ({ url }, answer) => {
    const name = url.pathname.endsWith('/leases') ? 'kube-scheduler' : 'backup-replication-1';
    json(answer, 200, { items: [{ metadata: { name } }] });
  };

  test('is asked in one request each, of kube-system', async () => {
    const server = await serve(LIST);
    const { reader } = readerOf(server.url);
    expect(await reader.leases()).toMatchObject([{ name: 'kube-scheduler' }]);
    expect(await reader.backups()).toMatchObject([{ job: 'backup-replication-1' }]);
    expect(server.asked.map(({ url }) => url.pathname)).toEqual([
      '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases',
      '/apis/batch/v1/namespaces/kube-system/jobs',
    ]);
  });

  test('is a list or a failure', async () => {
    const server = await serve((_, answer) => json(answer, 200, { kind: 'Nothing' }));
    await expect(readerOf(server.url).reader.leases()).rejects.toMatchObject({ kind: 'protocol' });
  });

  test('the address of the ingress', async () => {
    const server = await serve((_, answer) =>
      json(answer, 200, { status: { controlPlane: { ingress: { ip: '192.0.2.7' } } } }),
    );
    expect(await readerOf(server.url).reader.ingress()).toBe('192.0.2.7');
    expect(server.asked[0]?.url.pathname).toBe('/apis/metalk8s.scality.com/v1alpha1/clusterconfigs/main');
  });
});

describe('certificates', () => {
  test('of an API server are judged by the CA of the kubeconfig, of the ingress by nobody', async () => {
    const foreign = await serve(WELL, { signedBy: newAuthority(new Date()) });
    const { reader } = readerOf(foreign.url);
    expect(await reader.certificate('API server', foreign.url)).toMatchObject({
      distrust: expect.stringContaining('not signed by the CA') as string,
      unverified: null,
    });
    expect(await reader.certificate('control-plane ingress', foreign.url)).toMatchObject({
      distrust: null,
      unverified: expect.stringContaining('the CA of the ingresses') as string,
    });
    const careless = readerOf(foreign.url, { verify: false, ca: null });
    expect(await careless.reader.certificate('API server', foreign.url)).toMatchObject({
      distrust: null,
      unverified: expect.stringContaining('insecure-skip-tls-verify') as string,
    });
  });

  test('at the addresses of nodes are not read at the end of a tunnel', async () => {
    const server = await serve(WELL);
    await expect(readerOf(server.url).reader.certificate('API server', 'https://192.0.2.1:6443')).rejects.toMatchObject(
      {
        kind: 'not-found',
        message: `The certificate at https://192.0.2.1:6443 cannot be read: this machine reaches the cluster through ${server.url} alone.`,
      },
    );
  });

  test('behind a proxy are not read', async () => {
    const { reader } = readerOf('https://192.0.2.1:6443', {
      proxy: { url: 'http://a:b@127.0.0.1:1', named: 'HTTPS_PROXY' },
    });
    const failure: unknown = await reader
      .certificate('API server', 'https://192.0.2.1:6443')
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'not-found' });
    expect(String(failure)).not.toContain('a:b');
  });

  test('of the kubeconfig itself are read from it, where it has them', async () => {
    const { cert } = authority.client({ commonName: 'admin' });
    const { reader } = readerOf('https://127.0.0.1:1', { certificate: cert, ca: authority.caPem });
    expect(await reader.ownCertificates()).toMatchObject([
      { what: 'client of the kubeconfig', where: 'the kubeconfig', subject: 'CN=admin', unverified: null },
      { what: 'CA of the cluster', where: 'the CA in the kubeconfig', subject: 'CN=kubernetes' },
    ]);
    expect(await readerOf('https://127.0.0.1:1', { ca: null }).reader.ownCertificates()).toEqual([]);
  });
});

describe('what an API server counts of client certificates', () => {
  const NAME = 'apiserver_client_certificate_expiration_seconds';
  const FAMILY = `# TYPE ${NAME} histogram\n${NAME}_bucket{le="0"} 0\n${NAME}_bucket{le="604800"} 3\n${NAME}_bucket{le="+Inf"} 9\n`;
  const HISTOGRAM = { bounds: [0, 604_800, Infinity], counts: [0, 3, 9] };
  const of = async (page: string) => {
    const server = await serve((_, answer) => void answer.end(page));
    return { server, counted: await readerOf(server.url).reader.clientCertificates() };
  };

  test('is read from its metrics, with its address', async () => {
    const { server, counted } = await of(`aggregator_up 1\n${FAMILY}workqueue_depth 2\n`);
    expect(counted).toEqual({ where: server.url, histogram: HISTOGRAM });
    expect(server.asked.map(({ url }) => url.pathname)).toEqual(['/metrics']);
  });

  test.each([
    ['a page without them', 'aggregator_up 1\n'],
    ['a page of something else', '<html><body>Welcome</body></html>'],
    ['an empty page', ''],
    ['counts that are none', FAMILY.replace(' 9', ' NaN')],
    ['a line without an end', 'x'.repeat(300_000)],
  ])('is not known by %s', async (_, page) => {
    expect((await of(page)).counted).toBeNull();
  });

  test('is there before the larger part of a page that never ends', async () => {
    const stopped = Promise.withResolvers<boolean>();
    const server = await serve((_, answer) => {
      const lines = 'apiserver_request_total{code="200"} 1\n'.repeat(2_000);
      answer.once('close', () => stopped.resolve(!answer.writableFinished));
      const more = () => {
        while (answer.write(lines));
      };
      answer.on('drain', more);
      answer.write(FAMILY);
      more();
    });
    expect(await readerOf(server.url).reader.clientCertificates()).toMatchObject({ histogram: HISTOGRAM });
    expect(await stopped.promise).toBe(true);
  });

  test('is refused to who may not', async () => {
    const server = await serve((_, answer) =>
      json(answer, 403, refusal(403, 'Forbidden', 'forbidden: User "me" cannot get path "/metrics"')),
    );
    await expect(readerOf(server.url).reader.clientCertificates()).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
