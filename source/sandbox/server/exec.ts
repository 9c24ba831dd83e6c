import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Pod } from '../wire.ts';
import { podOfMember } from '../world/etcd/member-pods.ts';
import { keyOf } from '../world/store.ts';
import type { Answer, ApiRequest, WholeAnswer } from './answers.ts';
import type { Backend } from './backend.ts';
import { decide, forbidden, type ResourceAttributes } from './authorize.ts';
import { keyIn } from './change.ts';
import { etcdctl } from './etcd/etcdctl.ts';
import {
  broken,
  exited,
  finish,
  greet,
  missing,
  PROTOCOLS,
  succeeded,
  type Ending,
  type Ran,
  type Wanted,
} from './exec-channels.ts';
import { attributesOf, parsePath } from './route.ts';
import { badRequest, notFound, Refusal, unknownResource } from './status.ts';
import { salt } from './salt.ts';
import { passStorage } from './storage.ts';
import { findResource } from './resources.ts';

/** How long a kubelet is sought that does not answer, in ms. */
const ARP_MILLISECONDS = 3000;
const KUBELET_PORT = 10250;

const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  handleProtocols: (offered) => PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
});

/** A command that may be run: in which pod and container, and which of its streams are wanted. */
export type Command = { pod: Pod; container: string; words: readonly string[]; wanted: Wanted };

const isTrue = (text: string | null): boolean => text === 'true' || text === '1';

/**
 * Servers since 1.35 ask for the verb create as well, in a later check that gives no reason.
 */
function refuseExec({ user }: ApiRequest, attributes: ResourceAttributes, backend: Backend): void {
  if (!decide(user, attributes, backend.denials).allowed) throw forbidden(user, attributes);
  if (decide(user, { ...attributes, verb: 'create' }, backend.denials).allowed) return;
  const { name = '' } = attributes;
  throw new Refusal(403, 'Forbidden', `pods "${name}" is forbidden: `, { name, kind: 'pods' });
}

/**
 * Reads what an upgraded request asks for. Throws its refusal: not allowed, no such pod, no such container; answers
 * what storage answers in its place.
 */
export async function commandOf(request: ApiRequest, backend: Backend): Promise<Command | Answer> {
  const target = parsePath(request.path);
  const pods = findResource('', 'v1', 'pods');
  if (target.kind === 'path' || target.plural !== 'pods' || target.subresource !== 'exec' || !pods) {
    throw unknownResource();
  }
  refuseExec(request, attributesOf('GET', target, request.query) as ResourceAttributes, backend);
  const { name, namespace } = target;
  const outage = await passStorage(request, { resource: pods, name, subresource: 'exec' }, backend);
  if (outage) return outage;
  const pod = backend.collection('pods').get(keyIn(namespace, name ?? '')) as Pod | undefined;
  if (!pod) throw notFound(pods, name ?? '');
  const { query } = request;
  const container = query.get('container') ?? pod.spec.containers[0]?.name ?? '';
  if (!pod.spec.containers.some((each) => each.name === container)) {
    throw badRequest(`container ${container} is not valid for pod ${pod.metadata.name}`);
  }
  const wanted = { stdout: isTrue(query.get('stdout')), stderr: isTrue(query.get('stderr')) };
  return { pod, container, words: query.getAll('command'), wanted };
}

/** A program in a container of a pod; none where it is not there. */
function programOf({ pod, container, words }: Command, { etcd, clock, minions }: Backend): (() => Promise<Ran>) | null {
  const [name = '', ...rest] = words;
  const member = etcd.members.find((each) => podOfMember(each) === keyOf(pod));
  if (member && name === 'etcdctl') return () => etcdctl(etcd, member, rest, clock);
  if (container === 'salt-master' && name === 'salt') return () => salt(minions, rest, clock);
  return null;
}

/** Runs a command where its kubelet runs it. Of all that is in containers, etcdctl and salt are here. */
async function run(command: Command, backend: Backend): Promise<{ ending: Ending; ran?: Ran }> {
  const { etcd, clock } = backend;
  const { pod, container, words } = command;
  const { nodeName = '' } = pod.spec;
  if (!backend.isAlive(nodeName)) {
    await new Promise<void>((resolve) => void clock.after(ARP_MILLISECONDS, resolve));
    const address = `${pod.status.hostIP ?? ''}:${KUBELET_PORT}`;
    const url = `https://${address}/exec/${keyOf(pod)}/${container}`;
    return {
      ending: broken(
        `error sending request: Post ${JSON.stringify(url)}: dial tcp ${address}: connect: no route to host`,
      ),
    };
  }
  const member = etcd.members.find((each) => podOfMember(each) === keyOf(pod));
  if (member && !etcd.isRunning(member)) {
    return { ending: broken(`unable to upgrade connection: container not found (${JSON.stringify(container)})`) };
  }
  const program = programOf(command, backend);
  if (!program) return { ending: missing(words[0] ?? '') };
  const ran = await program();
  return { ending: ran.code === 0 ? succeeded : exited(ran.code), ran };
}

/** Takes a connection over and runs a command on it. */
export function openExec(
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  command: Command,
  backend: Backend,
): void {
  sockets.handleUpgrade(incoming, socket, head, (open: WebSocket) => {
    // What a client does to its own connection is no concern of the server.
    open.on('error', () => open.terminate());
    greet(open, command.wanted);
    void run(command, backend).then(({ ending, ran }) => {
      if (open.readyState === open.OPEN) finish(open, command.wanted, ending, ran);
    });
  });
}

/** Writes a refusal on a connection that was to be taken over, and ends it. */
export function refuseUpgrade(socket: Duplex, { status, contentType, body }: WholeAnswer): void {
  const bytes = Buffer.concat(Array.from(body, (part) => Buffer.from(part)));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${bytes.length}`,
    'Cache-Control: no-cache, private',
    'Connection: close',
  ];
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]));
}
