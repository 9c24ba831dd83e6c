import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { caIn, clientCertificateIn, shownCertificate } from '../../../source/links/control-plane/certificate.ts';
import { realClock } from '../../../source/links/kubernetes/clock.ts';
import { LinkFailure } from '../../../source/links/kubernetes/failure.ts';
import { newAuthority } from '../../../source/sandbox/certificates.ts';
import { serve } from '../kubernetes/connected.ts';
import { FakeClock } from '../kubernetes/fake-clock.ts';
import { authority, freePort } from '../kubernetes/scripted-server.ts';

const DAY = 86_400_000;
const handshake = (address: string, more: Partial<Parameters<typeof shownCertificate>[0]> = {}) =>
  shownCertificate({
    what: 'API server',
    address,
    ca: { pem: authority.caPem },
    servername: null,
    clock: realClock,
    ...more,
  });
const failure = async (shown: Promise<unknown>) => {
  const error: unknown = await shown.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LinkFailure);
  return error as LinkFailure;
};
const silent = () => undefined;

/** A TCP server that does as the test says with each connection. */
async function plain(answer: (socket: import('node:net').Socket) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a certificate that is shown', () => {
  test('tells what it is for, where it was read, and its time; nothing was asked', async () => {
    const server = await serve(silent);
    const shown = await handshake(server.url);
    expect(shown).toEqual({
      what: 'API server',
      where: server.url,
      subject: 'CN=kube-apiserver',
      from: expect.any(Number) as number,
      until: expect.any(Number) as number,
      distrust: null,
      unverified: null,
    });
    expect(Math.round((shown.until - shown.from) / DAY)).toBe(366);
    expect(server.asked).toEqual([]);
  });

  const year2020 = newAuthority(new Date('2020-06-01T00:00:00Z'));
  test.each([
    [
      'of another CA is not trusted',
      newAuthority(new Date()),
      authority.caPem,
      null,
      'its certificate is not signed by the CA that the kubeconfig names',
    ],
    [
      'of another CA is not trusted by the authorities of the system',
      newAuthority(new Date()),
      null,
      null,
      'its certificate is not signed by the CA that the kubeconfig names',
    ],
    [
      'for another name is not trusted',
      authority,
      authority.caPem,
      'kube.example',
      'its certificate does not name that address',
    ],
    ['is trusted for the name that is asked for', authority, authority.caPem, 'kubernetes', null],
    ['that has expired says so by its time alone', year2020, year2020.caPem, null, null],
  ])('%s', async (_, signedBy, ca, servername, distrust) => {
    const { url } = await serve(silent, { signedBy });
    expect(await handshake(url, { ca: { pem: ca }, servername })).toMatchObject({ distrust, unverified: null });
  });

  test('where nobody is known to vouch says so', async () => {
    const { url } = await serve(silent, { signedBy: newAuthority(new Date()) });
    expect(await handshake(url, { ca: { unknown: 'nobody knows' } })).toMatchObject({
      distrust: null,
      unverified: 'nobody knows',
    });
  });
});

describe('where none is shown', () => {
  test('nobody listens', async () => {
    const address = `https://127.0.0.1:${await freePort()}`;
    const { kind, message } = await failure(handshake(address));
    expect(kind).toBe('refused');
    expect(message).toContain(`Cannot read the certificate at ${address}: the connection was refused`);
  });

  test('what listens does not speak TLS', async () => {
    const address = await plain((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(await failure(handshake(address))).toMatchObject({ kind: 'protocol' });
  });

  test('whoever listens hangs up', async () => {
    const address = await plain((socket) => socket.destroy());
    expect(['protocol', 'unreachable']).toContain((await failure(handshake(address))).kind);
  });

  test('whoever listens says nothing, for five seconds', async () => {
    const clock = new FakeClock();
    const connected = Promise.withResolvers<undefined>();
    const address = await plain((socket) => {
      onTestFinished(() => void socket.destroy());
      connected.resolve(undefined);
    });
    const waiting = failure(handshake(address, { clock }));
    await connected.promise;
    await clock.advance(5_000);
    expect((await waiting).kind).toBe('timeout');
    expect(clock.timers).toBe(0);
  });

  test('nobody waits any more', async () => {
    const address = await plain((socket) => onTestFinished(() => void socket.destroy()));
    const stop = new AbortController();
    const waiting = handshake(address, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe('the certificate in a kubeconfig', () => {
  const about = { what: 'client of the kubeconfig', where: 'the kubeconfig' };
  test('has an end', () => {
    const until = new Date('2026-03-01T00:00:00Z');
    const { cert } = authority.client(
      { commonName: 'admin', organisations: ['system:masters'] },
      { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: until },
    );
    expect(clientCertificateIn(cert, authority.caPem, about)).toEqual({
      ...about,
      subject: 'O=system:masters, CN=admin',
      from: Date.UTC(2026, 0, 1),
      until: until.getTime(),
      distrust: null,
      unverified: null,
    });
  });

  const other = newAuthority(new Date('2020-06-01T00:00:00Z'), 'another-authority');
  test.each<[string, string | null, string | null]>([
    ['is verified by the CA of the kubeconfig', authority.caPem, null],
    ['or by one of several', other.caPem + authority.caPem, null],
    ['is not verified by another', other.caPem, 'the CA of the kubeconfig did not sign it'],
    ['is not verified where there is none', null, 'the kubeconfig names no CA'],
  ])('%s', (_, ca, unverified) => {
    const { cert } = authority.client({ commonName: 'admin' });
    expect(clientCertificateIn(cert, ca, about)).toMatchObject({ distrust: null, unverified });
  });

  test('or is none', () => {
    const broken = '-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----';
    expect([clientCertificateIn(broken, null, about), caIn(broken, about), caIn('', about)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('of several CAs the one counts that ends last', () => {
    const ends = caIn(other.caPem + authority.caPem, about);
    expect(ends).toMatchObject({ subject: 'CN=kubernetes', distrust: null, unverified: null });
    expect(caIn(other.caPem, about)).toMatchObject({ subject: 'CN=another-authority' });
  });
});
