import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPodDecoder, decodeEvent, decodeNode } from '../../../source/links/kubernetes/decode.ts';
import { socketFailure, statusFailure, type FailureKind } from '../../../source/links/kubernetes/failure.ts';
import { asArray, asObject, asObjects, asText, type Fields } from '../../../source/links/kubernetes/fields.ts';
import { followResource } from '../../../source/links/kubernetes/list-watch.ts';
import { createReachability } from '../../../source/links/kubernetes/reachability.ts';
import { FakeClock } from './fake-clock.ts';
import { Picture } from './picture.ts';

// What real API servers said (1.29 and 1.36), a folder a server and a JSON file an exchange.

type Recording = { readonly file: string; readonly content: Fields };

const root = process.env['RECORDINGS'];

function recordings(): Recording[] {
  if (root === undefined) return [];
  const folders = readdirSync(root).filter((folder) => folder.startsWith('k8s-'));
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file !== 'INDEX.json')
      .flatMap((file) => {
        const content = asObject(JSON.parse(readFileSync(join(root, folder, file), 'utf8')));
        return content === null ? [] : [{ file: `${folder}/${file}`, content }];
      }),
  );
}

const recorded = recordings();
const answers = recorded.flatMap(({ file, content }) => {
  const response = asObject(content['response']);
  return response === null ? [] : [{ file, request: asObject(content['request']), response }];
});

/** By status, the kind of failure; 429 and pages are told by more than their status. */
const KINDS: Readonly<Record<number, readonly FailureKind[]>> = {
  301: ['protocol'],
  302: ['protocol'],
  400: ['invalid'],
  401: ['unauthorized', 'protocol'],
  403: ['forbidden'],
  404: ['not-found', 'protocol'],
  405: ['invalid'],
  406: ['invalid'],
  409: ['conflict'],
  410: ['gone'],
  413: ['invalid'],
  415: ['invalid'],
  422: ['invalid'],
  429: ['throttled', 'starting'],
  500: ['server'],
  503: ['starting'],
  504: ['timeout'],
};

const about = { what: 'list nodes', server: 'https://192.0.2.1:6443' };
const objectsOf = (kind: string) =>
  answers.flatMap(({ file, response }) => {
    const body = asObject(response['body']);
    const all = body?.['kind'] === `${kind}List` ? asArray(body['items']) : body?.['kind'] === kind ? [body] : [];
    return all.map((object) => ({ file, object }));
  });

describe.runIf(root !== undefined)('recorded', () => {
  const refused = answers.filter(({ response }) => Number(response['status']) >= 300);

  test.each(refused.map((answer) => [answer.file, answer] as const))(
    '%s is a failure of its kind',
    (_, { response }) => {
      const status = Number(response['status']);
      const body = response['body'] === undefined ? asText(response['text']) : JSON.stringify(response['body']);
      const retryAfter = asObject(response['headers'])?.['retry-after'];
      const failure = statusFailure(about, {
        status,
        body,
        retryAfter: retryAfter === undefined ? undefined : asText(retryAfter),
      });
      expect(KINDS[status]).toContain(failure.kind);
      expect(failure.message).toMatch(/^Cannot list nodes at https:\/\/192\.0\.2\.1:6443: [^;]+.*; .+\.$/s);
      if (retryAfter !== undefined) expect(failure.retryAfter).toBe(Number(retryAfter) * 1_000);
      const message = asObject(response['body'])?.['message'];
      if (typeof message === 'string' && message !== '') expect(failure.detail).toBe(message.slice(0, 4_000));
      const causes = asArray(asObject(asObject(response['body'])?.['details'])?.['causes']);
      expect(failure.causes).toHaveLength(causes.length);
    },
  );

  test('errors of sockets are failures that were told apart', () => {
    const errors = recorded
      .map(({ content }) => asObject(content['error']))
      .filter((error) => error?.['code'] !== undefined);
    expect(errors.length).toBeGreaterThan(5);
    for (const error of errors) {
      const failure = socketFailure(Object.assign(new Error(), { code: error?.['code'] }), about, false);
      expect(['refused', 'unreachable']).toContain(failure.kind);
    }
  });

  test('every node decodes whole', () => {
    const nodes = objectsOf('Node');
    expect(nodes.length).toBeGreaterThan(100);
    for (const { file, object } of nodes) {
      const raw = asObject(object);
      const node = decodeNode(object);
      expect(node, file).toMatchObject({
        name: asObject(raw?.['metadata'])?.['name'],
        uid: asObject(raw?.['metadata'])?.['uid'],
      });
      const capacity = asObject(asObject(raw?.['status'])?.['capacity']);
      expect(node?.capacity.cpu === null, file).toBe(capacity?.['cpu'] === undefined);
      expect(node?.taints?.length, file).toBe(
        asObject(raw?.['spec'])?.['taints'] === undefined
          ? undefined
          : asArray(asObject(raw?.['spec'])?.['taints']).length,
      );
    }
  });

  test('every pod decodes whole', () => {
    const decode = createPodDecoder();
    const pods = objectsOf('Pod');
    expect(pods.length).toBeGreaterThan(100);
    for (const { file, object } of pods) {
      const raw = asObject(object);
      const pod = decode(object);
      expect(pod, file).toMatchObject({
        namespace: asObject(raw?.['metadata'])?.['namespace'],
        name: asObject(raw?.['metadata'])?.['name'],
      });
      expect(pod?.ready.of, file).toBeGreaterThan(0);
    }
  });

  test('STATUS, READY and RESTARTS of pods are those of the server', () => {
    const decode = createPodDecoder();
    const rows = new Map<string, unknown>();
    for (const { file, response } of answers)
      for (const row of asObjects(asObject(response['body'])?.['rows'])) {
        const metadata = asObject(asObject(row['object'])?.['metadata']);
        const [name, ready, status, restarts] = asArray(row['cells']);
        rows.set(
          `${file.split('/', 1)[0] ?? ''} ${asText(metadata?.['uid'])} ${asText(metadata?.['resourceVersion'])}`,
          { name, ready, status, restarts },
        );
      }
    let compared = 0;
    for (const { file, object } of objectsOf('Pod')) {
      const pod = decode(object);
      const version = asText(asObject(asObject(object)?.['metadata'])?.['resourceVersion']);
      const row = rows.get(`${file.split('/', 1)[0] ?? ''} ${pod?.uid ?? ''} ${version}`);
      if (pod === null || row === undefined) continue;
      compared += 1;
      expect({ name: pod.name, ready: `${pod.ready.containers}/${pod.ready.of}`, status: pod.status }, file).toEqual({
        name: (row as { name: unknown }).name,
        ready: (row as { ready: unknown }).ready,
        status: (row as { status: unknown }).status,
      });
      expect(
        asText((row as { restarts: unknown }).restarts) || String((row as { restarts: unknown }).restarts),
        file,
      ).toMatch(new RegExp(`^${pod.restarts}\\b`));
    }
    expect(compared).toBeGreaterThan(3);
  });

  const streams = answers.flatMap(({ file, request, response }) => {
    const path = asText(request?.['path']);
    const accept = asText(asObject(request?.['headers'])?.['accept']);
    const resource = /^\/api\/v1\/(nodes|pods|events)\?/.exec(path)?.[1];
    const events = asObjects(response['stream']).map((entry) => asObject(entry['event']));
    if (resource === undefined || accept !== 'application/json' || events.length === 0 || events.includes(null))
      return [];
    return [[file, resource, events.filter((event) => event !== null)] as const];
  });

  test('there are watches of nodes and pods', () => {
    expect(streams.length).toBeGreaterThan(15);
  });

  test.each(streams)('the watch %s of %s is followed to its end', async (_, resource, events) => {
    const decode: (object: unknown) => { uid: string } | null = {
      nodes: decodeNode,
      pods: createPodDecoder(),
      events: decodeEvent,
    }[resource as 'nodes'];
    const clock = new FakeClock();
    const stop = new AbortController();
    const picture = new Picture<{ uid: string }>();
    let watches = 0;
    async function* emptyList() {
      yield await Promise.resolve(Buffer.from('{"metadata":{"resourceVersion":"1"},"items":[]}'));
    }
    async function* body(signal: AbortSignal | undefined) {
      for (const event of events) yield Buffer.from(`${JSON.stringify(event)}\n`);
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    }
    const ended = followResource({
      connection: {
        access: { server: 'https://recorded:6443' } as never,
        request: ({ signal, query }) => {
          const watching = query?.['watch'] !== undefined;
          if (watching) watches += 1;
          return Promise.resolve({ status: 200, headers: {}, body: watching ? body(signal) : emptyList() });
        },
      },
      listing: { name: resource, path: `/api/v1/${resource}` },
      decode,
      emit: picture.take,
      clock,
      random: () => 0,
      reachability: createReachability(clock, () => 0),
      signal: stop.signal,
    });
    await clock.advance(200);
    const state = picture.status?.state;
    stop.abort();
    await ended;
    expect(watches).toBe(1);
    expect(clock.timers).toBe(0);
    const expected = new Set<string>();
    for (const event of events) {
      const uid = asText(asObject(asObject(event['object'])?.['metadata'])?.['uid']);
      if (event['type'] === 'ADDED' || event['type'] === 'MODIFIED') expected.add(uid);
      if (event['type'] === 'DELETED') expected.delete(uid);
    }
    if (events.at(-1)?.['type'] === 'ERROR') expect(state).toBe('stale');
    else expect(new Set(picture.items.keys())).toEqual(expected);
  });
});
