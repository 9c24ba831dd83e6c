import type { Pod } from '../wire.ts';
import type { Etcd } from '../world/etcd/etcd.ts';
import { podOfMember } from '../world/etcd/member-pods.ts';
import { keyOf } from '../world/store.ts';
import { whole, type Answer, type ApiRequest } from './answers.ts';
import type { Backend } from './backend.ts';
import { existing, type ChangeContext } from './change.ts';
import { memberAnswer, METRICS_PORT } from './etcd/member-http.ts';
import { badRequest, methodNotAllowed, Refusal } from './status.ts';

/** How long a machine is sought that does not answer, in ms. */
const ARP_MILLISECONDS = 3000;

type Named = { scheme: 'http' | 'https'; name: string; port: number | null };

/** Reads whom a proxy is asked for, `[scheme:]name[:port]` (Kubernetes: "Manually constructing apiserver proxy URLs"). */
function named(text: string): Named {
  const [first = '', second, third] = text.split(':');
  const [scheme, name, port] = third === undefined ? ['', first, second ?? ''] : [first, second ?? '', third];
  if ((scheme !== '' && scheme !== 'http' && scheme !== 'https') || !/^\d{0,5}$/.test(port)) {
    throw badRequest(`invalid pod request ${JSON.stringify(text)}`);
  }
  return { scheme: scheme === 'https' ? 'https' : 'http', name, port: port === '' ? null : Number(port) };
}

const unreachable = (why: string): Refusal =>
  new Refusal(503, 'ServiceUnavailable', `error trying to reach service: ${why}`);

const portOf = ({ spec: { containers } }: Pod): number =>
  containers.find(({ ports = [] }) => ports.length > 0)?.ports?.[0]?.containerPort ?? 80;

const memberOf = (etcd: Etcd, pod: Pod): Etcd['members'][number] | undefined =>
  etcd.members.find((member) => podOfMember(member) === keyOf(pod));

/** The path below `…/proxy`. */
const pathBelow = (path: string): string => /\/proxy(\/.*)?$/.exec(path)?.[1] ?? '/';

/** Passes a request on to a port of a pod. Of what runs on the site, members of etcd listen, for their metrics. */
export async function proxyToPod(
  request: ApiRequest,
  context: ChangeContext,
  text: string,
  backend: Backend,
): Promise<Answer> {
  const { etcd, clock } = backend;
  const { scheme, name, port: asked } = named(text);
  const pod = existing(context, name) as unknown as Pod;
  const { podIP = '' } = pod.status;
  if (podIP === '') throw badRequest('address not allowed');
  const port = asked ?? portOf(pod);
  const address = `${podIP}:${port}`;
  if (!backend.isAlive(pod.spec.nodeName ?? '')) {
    await new Promise<void>((resolve) => void clock.after(ARP_MILLISECONDS, resolve));
    throw unreachable(`dial tcp ${address}: connect: no route to host`);
  }
  const member = memberOf(etcd, pod);
  if (!member || port !== METRICS_PORT || !etcd.isRunning(member)) {
    throw unreachable(`dial tcp ${address}: connect: connection refused`);
  }
  if (scheme === 'https') throw unreachable('tls: first record does not look like a TLS handshake');
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  const answer = await memberAnswer(etcd, member, { path: pathBelow(request.path), query: request.query }, clock);
  return { ...whole(answer.status, answer.text, answer.contentType), headers: answer.headers ?? {} };
}
