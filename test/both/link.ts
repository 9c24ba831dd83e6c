import { describe, expect, test } from 'vitest';
import { isRead } from '../../source/links/kubernetes/reads.ts';
import type { Right } from '../../source/links/kubernetes/reader.ts';
import { RESOURCES, type Items, type Resource } from '../../source/model/cluster-event.ts';
import { isLive, openLink } from '../links/kubernetes/open-link.ts';
import type { Picture } from '../links/kubernetes/picture.ts';
import { until } from '../links/kubernetes/scripted-server.ts';
import type { NodeObject, PodObject } from '../real/wire.ts';
import type { Given, Login, Member } from './cluster.ts';
import { layLine } from './line.ts';
import {
  beat,
  changeNode,
  deleteEvents,
  deleteNode,
  deletePod,
  listOf,
  makeEvents,
  makeNode,
  makePod,
  nodeObject,
  recreateNode,
  setPhase,
} from './objects.ts';

/** What only those servers have that extensions were added to. */
const OPTIONAL: ReadonlySet<Resource> = new Set(['usage', 'volumes']);

const byUid = (one: { uid: string }, other: { uid: string }) => (one.uid < other.uid ? -1 : 1);
const sorted = <T extends { readonly uid: string }>(items: Iterable<T>) => [...items].sort(byUid);

const nodeIn = ({ items }: Picture<Items['nodes']>, name: string) =>
  [...items.values()].filter((node) => node.name === name);
const podIn = ({ items }: Picture<Items['pods']>, name: string) => [...items.values()].find((pod) => pod.name === name);
const says = ({ items }: Picture<Items['events']>, message: string) =>
  [...items.values()].some((event) => event.message === message);
const listsOf = ({ events }: { readonly events: readonly { readonly type: string }[] }) =>
  events.filter(({ type }) => type === 'list-started').length;

async function followAll(kubeconfig: string) {
  const link = await openLink(kubeconfig);
  const [nodes, pods, events] = [link.follow('nodes'), link.follow('pods'), link.follow('events')];
  const followed = [nodes, pods, events];
  const all = followed.map(({ picture }) => picture);
  await until(() => all.every(isLive));
  const end = () => Promise.all(followed.map((one) => one.end()));
  return { ...link, nodes: nodes.picture, pods: pods.picture, events: events.picture, all, end };
}

/** The way from a kubeconfig to a live picture of a cluster. */
export function describeLink(given: Given) {
  const kubeconfig = (user: Member = 'operator', login?: Login) => given().kubeconfig(user, login);

  test.each<Login>(['certificate', 'token'])(
    'by %s every resource is followed, and is what is there',
    async (login) => {
      const { reader, nodes, pods } = await followAll(await kubeconfig('operator', login));
      const there = {
        nodes: await listOf<NodeObject>(given().api, '/api/v1/nodes'),
        pods: await listOf<PodObject>(given().api, '/api/v1/pods'),
      };
      expect([...nodes.items.keys()].sort()).toEqual(there.nodes.map(({ metadata }) => metadata.uid).sort());
      expect([...pods.items.keys()].sort()).toEqual(there.pods.map(({ metadata }) => metadata.uid).sort());
      expect(sorted(nodes.items.values())).toEqual(sorted(await reader.all('nodes')));
      expect(sorted(pods.items.values())).toEqual(sorted(await reader.pods()));
      expect(there.nodes.length).toBeGreaterThan(5);
      expect(there.pods.length).toBeGreaterThan(40);
    },
  );

  test('what changes, comes and goes is seen', async () => {
    const { api } = given();
    const { nodes, pods, events } = await followAll(await kubeconfig());
    const name = await makeNode(api);
    await until(() => nodeIn(nodes, name).length === 1);
    const [before] = nodeIn(nodes, name);

    await changeNode(api, name, { metadata: { labels: { tried: 'yes' } }, spec: { unschedulable: true } });
    await until(() => nodeIn(nodes, name).some(({ labels, cordoned }) => labels['tried'] === 'yes' && cordoned));
    await beat(api, name);
    await until(() => nodeIn(nodes, name).some(({ conditions }) => conditions.some(({ type }) => type === 'Ready')));

    const pod = await makePod(api, name);
    await until(() => podIn(pods, pod)?.node === name);
    await setPhase(api, pod, 'Failed');
    await until(() => podIn(pods, pod)?.phase === 'Failed');
    await deletePod(api, pod);
    await until(() => podIn(pods, pod) === undefined);

    const event = await makeEvents(api, name, 'seen at once');
    await until(() => says(events, 'seen at once'));
    await deleteEvents(api, event);
    await until(() => !says(events, 'seen at once'));

    const uid = await recreateNode(api, name);
    await until(() => nodeIn(nodes, name).some((node) => node.uid === uid));
    expect(nodeIn(nodes, name).map((node) => node.uid)).toEqual([uid]);
    expect(uid).not.toBe(before?.uid);
    await deleteNode(api, name);
    await until(() => nodeIn(nodes, name).length === 0);
  });

  test('a change made through the writer comes back through the watch, and a failed test is told', async () => {
    const name = await makeNode(given().api);
    const { nodes, writer, reader } = await followAll(await kubeconfig());
    const { uid } = await reader.node(name);
    const patch = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'add', path: '/metadata/labels/tried', value: 'yes' },
    ];
    expect((await writer.patchNode({ name, patch, dryRun: true })).labels['tried']).toBe('yes');
    expect((await nodeObject(given().api, name)).metadata.labels).not.toHaveProperty('tried');
    expect((await writer.patchNode({ name, patch, dryRun: false })).labels['tried']).toBe('yes');
    await until(() => nodeIn(nodes, name)[0]?.labels['tried'] === 'yes');
    for (const dryRun of [true, false]) {
      const wrong = [{ op: 'test', path: '/metadata/uid', value: 'another' }];
      const refused = { kind: 'invalid', status: 422 };
      await expect(writer.patchNode({ name, patch: wrong, dryRun })).rejects.toMatchObject(refused);
    }
  });

  test('more than a page of events is listed whole', async () => {
    const { api } = given();
    const name = await makeNode(api);
    const messages = Array.from({ length: 501 }, (_, index) => `one of many: ${index}`);
    await makeEvents(api, name, ...messages);
    const { events } = await followAll(await kubeconfig());
    expect([...events.items.values()].filter(({ node }) => node === name)).toHaveLength(messages.length);
    expect(events.events.filter(({ type }) => type === 'listed').length).toBeGreaterThan(1);
  });

  describe('after a cut of the line', () => {
    /** Everything that can happen meanwhile; resolves when the pictures show it, and nothing that is gone. */
    async function missEverything(back: (line: Awaited<ReturnType<typeof layLine>>) => Promise<void>) {
      const { api, url } = given();
      const line = await layLine(url);
      const [changed, recreated, deleted] = [await makeNode(api), await makeNode(api), await makeNode(api)];
      const pod = await makePod(api, changed);
      const event = await makeEvents(api, changed, `soon gone from ${changed}`);
      const link = await followAll(line.through(await kubeconfig()));
      const { nodes, pods, events, all } = link;
      const lists = all.map(listsOf);
      expect([nodeIn(nodes, deleted).length, podIn(pods, pod)?.node]).toEqual([1, changed]);
      await line.cut();
      await until(() => all.every(({ status }) => status?.state === 'stale'));
      await expect(link.reader.version()).rejects.toMatchObject({ kind: 'refused' });

      await changeNode(api, changed, { metadata: { labels: { tried: 'away' } } });
      const uid = await recreateNode(api, recreated);
      await deleteNode(api, deleted);
      await deletePod(api, pod);
      const another = await makePod(api, changed);
      await deleteEvents(api, event);
      await makeEvents(api, changed, `new on ${changed}`);
      await back(line);
      await until(() => all.every(isLive));
      await until(
        () =>
          nodeIn(nodes, changed)[0]?.labels['tried'] === 'away' &&
          nodeIn(nodes, recreated)[0]?.uid === uid &&
          nodeIn(nodes, deleted).length === 0 &&
          podIn(pods, pod) === undefined &&
          podIn(pods, another)?.node === changed &&
          says(events, `new on ${changed}`) &&
          !says(events, `soon gone from ${changed}`),
      );
      expect(nodeIn(nodes, recreated)).toHaveLength(1);
      return all.map((picture, place) => listsOf(picture) - (lists[place] ?? NaN));
    }

    test('the watches go on where they were', async () => {
      expect(await missEverything((line) => line.mend())).toEqual([0, 0, 0]);
    });

    test('everything is listed anew when the server has forgotten where they were', async () => {
      const more = await missEverything(async (line) => {
        await given().forgetPast();
        await line.mend();
      });
      for (const lists of more) expect(lists).toBeGreaterThan(0);
    });
  });

  test('a server killed in the middle of its watches makes everything stale, and all is right when it is back', async () => {
    const { api } = given();
    const name = await makeNode(api);
    const { nodes, all, reader } = await followAll(await kubeconfig());
    const shown = nodes.items.size;
    await given().kill();
    await until(() => all.every(({ status }) => status?.state === 'stale'));
    expect(nodes.items.size).toBe(shown);
    await expect(reader.all('nodes')).rejects.toMatchObject({ kind: 'refused' });
    await given().revive();
    await until(() => all.every(isLive));
    await changeNode(api, name, { metadata: { labels: { tried: 'after' } } });
    await until(() => nodeIn(nodes, name)[0]?.labels['tried'] === 'after');
  });

  test.each<[Login, string, number]>([
    ['wrong-token', 'unauthorized', 401],
    ['expired-certificate', 'unauthorized', 401],
    ['foreign-certificate', 'unauthorized', 401],
    ['none', 'forbidden', 403],
  ])('credentials that are no good (%s) are %s', async (login, kind, status) => {
    const { reader, follow } = await openLink(await kubeconfig('operator', login));
    await expect(reader.all('nodes')).rejects.toMatchObject({ kind, status });
    const { picture } = follow('nodes');
    await until(() => picture.status !== null && picture.status.state !== 'loading');
    expect(picture.status?.state).toBe(status === 403 ? 'denied' : 'absent');
  });

  test.each<'pods' | 'events'>(['pods', 'events'])(
    'without the right to read %s the rest is live',
    async (resource) => {
      const blind = await given().blindTo(resource);
      const { follow, reader } = await openLink(blind.kubeconfig);
      const others = RESOURCES.filter((name) => name !== resource && !OPTIONAL.has(name));
      const rest = others.map((name) => follow<Resource>(name).picture);
      await until(() => rest.every(isLive));
      const { picture } = follow<Resource>(resource);
      await until(() => picture.status?.state === 'denied');
      expect(picture.status).toMatchObject({
        right: `list ${resource}`,
        why: expect.stringContaining(`no right to list ${resource}`) as string,
      });
      expect(rest.every(isLive)).toBe(true);
      expect(await reader.mayI({ verb: 'list', resource })).toBe(false);
      expect(await reader.mayI({ verb: 'list', resource: 'nodes' })).toBe(true);
    },
  );

  test('a right that is given is noticed', async () => {
    const blind = await given().blindTo('events');
    const { follow, reader } = await openLink(blind.kubeconfig);
    const { picture } = follow('events');
    await until(() => picture.status?.state === 'denied');
    await blind.give();
    await until(() => isLive(picture));
    expect(await reader.mayI({ verb: 'list', resource: 'events' })).toBe(true);
  });

  test.each<[Member, Readonly<Record<string, boolean>>]>([
    ['admin', { 'patch nodes': true, 'list pods': true, 'delete nodes': true }],
    ['operator', { 'patch nodes': true, 'list pods': true, 'delete nodes': false }],
    ['reader', { 'patch nodes': false, 'list pods': true, 'delete nodes': false }],
    ['nobody', { 'patch nodes': false, 'list pods': false, 'delete nodes': false }],
  ])('%s is told what it may do', async (user, rights) => {
    const { reader } = await openLink(await kubeconfig(user));
    for (const [words, allowed] of Object.entries(rights)) {
      const [verb = '', resource = ''] = words.split(' ');
      const right: Right = { verb, resource };
      expect([words, await reader.mayI(right)]).toEqual([words, allowed]);
    }
  });

  test('what is asked once is answered, about one node alone too', async () => {
    const { api } = given();
    const name = await makeNode(api, { labels: { a: 'b' } });
    const pod = await makePod(api, name);
    await makeEvents(api, name, 'about one');
    const { reader } = await openLink(await kubeconfig('reader'));
    expect(await reader.version()).toMatch(/^v1\.\d+\.\d+/);
    expect(await reader.metalk8sVersion()).toBe('129.0.0');
    expect(await reader.node(name)).toMatchObject({ name, labels: { a: 'b' }, taints: null, cordoned: false });
    const pods = await reader.pods({ node: name });
    expect(pods.map((one) => one.name)).toContain(pod);
    expect(new Set(pods.map(({ node }) => node))).toEqual(new Set([name]));
    expect((await reader.eventsOfNode(name)).map(({ message }) => message)).toContain('about one');
    expect(await reader.ping()).toBeGreaterThan(0);
    await expect(reader.node('nowhere')).rejects.toMatchObject({ kind: 'not-found', status: 404 });
  });

  test('nothing but the reads of the list is asked', async () => {
    const from = (await given().asked('reader')).length;
    const asked = async () =>
      (await given().asked('reader')).slice(from).filter(({ userAgent }) => userAgent === 'metalk8s-console/0');
    const { reader, end } = await followAll(await kubeconfig('reader'));
    await Promise.all([reader.version(), reader.metalk8sVersion(), reader.node('par1-bootstrap')]);
    await reader.mayI({ verb: 'patch', resource: 'nodes' });
    await end();
    // A real server writes a watch down when it has ended, its beginning too.
    const watched = async () => {
      const watches = (await asked()).filter(({ path }) => path.includes('watch=1'));
      return [...new Set(watches.map(({ path }) => path.split('?', 1)[0]))].sort();
    };
    const resources = ['/api/v1/events', '/api/v1/nodes', '/api/v1/pods'];
    await expect.poll(watched, { timeout: 10_000 }).toEqual(resources);

    const requests = await asked();
    expect(requests.filter(({ method, path }) => !isRead(method, path))).toEqual([]);
    const kinds = requests.map(({ method, path }) => `${method} ${path.split('?', 1)[0] ?? ''}`);
    expect([...new Set(kinds)].sort()).toEqual([
      'GET /api/v1/events',
      'GET /api/v1/namespaces/kube-system',
      'GET /api/v1/nodes',
      'GET /api/v1/nodes/par1-bootstrap',
      'GET /api/v1/pods',
      'GET /version',
      'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    ]);
  });
}
