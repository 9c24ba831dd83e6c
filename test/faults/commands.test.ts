import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runProgram } from '../commands/program.ts';
import { startConnectProxy } from './connect-proxy.ts';
import { PATIENT, startPlace, type Place } from './place.tsx';
import type { Hurt } from './wire.ts';
import type { Spoken } from './spoken.ts';

type Struck = {
  readonly name: string;
  /** Brings the fault about. */
  readonly strike: (place: Place, atEnd: Parameters<typeof startPlace>[0]) => unknown;
  readonly code: number;
  /** All that is said. */
  readonly says: string | RegExp;
  readonly more?: readonly string[];
};

const LASTS = 'look at kube-apiserver there if that lasts.';
const nodes = (rest: string) => `Cannot list nodes at SERVER: ${rest}`;

const everything =
  (hurt: Hurt) =>
  ({ wire }: Place) => {
    wire.hurt = () => hurt;
  };

const answering = (answer: Spoken) => everything({ answer: () => answer });

const refusal = (code: number, reason: string, message: string): Spoken => ({
  status: code,
  body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code }),
});

const STRUCK: readonly Struck[] = [
  {
    name: 'nothing listens',
    strike: ({ wire }) => wire.close(),
    code: 3,
    says: nodes(
      'the connection was refused; check that kube-apiserver runs there and that the kubeconfig names the right address.',
    ),
  },
  { name: 'a reset', strike: everything({ reset: true }), code: 3, says: nodes(`the connection was cut; ${LASTS}`) },
  {
    name: 'nobody speaks',
    strike: ({ wire }) => (wire.silent = true),
    more: ['--timeout', '300ms'],
    code: 3,
    says: 'No answer within 0.3 s; give more time with --timeout, as in --timeout 2m.',
  },
  {
    name: 'another certificate',
    strike: ({ wire, box, write }) => write(box.kubeconfig('admin', 'token').replace(box.url, wire.url)),
    code: 3,
    says: nodes(
      "its certificate is not signed by the CA that the kubeconfig names; check certificate-authority in the kubeconfig against the cluster's own CA.",
    ),
  },
  {
    name: 'a token that was rotated',
    strike: ({ box }) => box.rotateToken('admin'),
    code: 3,
    says: nodes(
      'the server does not accept the credentials (401); renew the certificate or token of this user in the kubeconfig.',
    ),
  },
  {
    name: '403',
    strike: ({ box }) => box.deny({ verb: 'list', resource: 'nodes' }),
    code: 3,
    says: nodes('user "kubernetes-admin" has no right to list nodes (403); ask an administrator for it.'),
  },
  {
    name: '429',
    strike: answering({ status: 429, headers: { 'retry-after': '7' }, body: 'Too many requests\n' }),
    code: 3,
    says: nodes(`the server asks to slow down (429); ${LASTS}`),
  },
  {
    name: '500',
    strike: answering(refusal(500, 'InternalError', 'etcdserver: no leader')),
    code: 3,
    says: nodes(`the server answered 500: etcdserver: no leader; ${LASTS}`),
  },
  {
    name: '502 with a web page',
    strike: answering({ status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' }),
    code: 3,
    says: nodes('a web page came instead of the Kubernetes API (502); look for a proxy in between.'),
  },
  {
    name: '504 without a quorum',
    strike: answering(refusal(504, 'Timeout', 'Timeout: request did not complete')),
    code: 3,
    says: nodes('Timeout: request did not complete; check etcd, which may have no quorum.'),
  },
  {
    name: 'a kubeconfig that is gone',
    strike: ({ file }) => rmSync(file),
    code: 2,
    says: /^Kubeconfig \S+ does not exist; correct --kubeconfig\.$/,
  },
  {
    name: 'a proxy that is no address',
    strike: ({ write, wire }) => write(wire.kubeconfig().replace('server:', 'proxy-url: gopher://p:1\n      server:')),
    code: 2,
    says: 'proxy-url in the kubeconfig names no usable proxy; write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT.',
  },
  {
    name: 'a proxy that opens no way',
    strike: async ({ write, wire }, atEnd) => {
      const proxy = await startConnectProxy();
      atEnd(proxy.close);
      proxy.refusal = 503;
      write(wire.kubeconfig().replace('server:', `proxy-url: ${proxy.url}\n      server:`));
    },
    code: 3,
    says: /^Cannot list nodes at SERVER through the proxy http:\/\/127\.0\.0\.1:\d+: the proxy opens no way there \(503\); check proxy-url in the kubeconfig and that the proxy lets through to that server\.$/,
  },
];

test.concurrent.for(STRUCK)(
  'a command and $name: one sentence, and the code for it',
  PATIENT,
  async (struck, context) => {
    const place = await startPlace(context.onTestFinished);
    await struck.strike(place, context.onTestFinished);
    const { code, stdout, stderr } = await runProgram(
      ['nodes', '--no-pods', '--kubeconfig', place.file, ...(struck.more ?? [])],
      { environment: { XDG_STATE_HOME: place.folder } },
    );
    place.wire.silent = false;
    expect({ code, stdout }, stderr).toEqual({ code: struck.code, stdout: '' });
    const said = stderr.replaceAll(place.wire.url, 'SERVER');
    if (typeof struck.says === 'string') expect(said).toBe(`${struck.says}\n`);
    else expect(said.replace(/\n$/, '')).toMatch(struck.says);
  },
);
