import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realClock } from '../../../source/links/kubernetes/clock.ts';
import { createConnection } from '../../../source/links/kubernetes/connection.ts';
import { createLinkThread } from '../../../source/links/kubernetes/link-thread.ts';
import type { FromThread, ThreadTask, ToldEvent, ToThread } from '../../../source/links/kubernetes/thread-messages.ts';
import type { Resource, ResourceStatus } from '../../../source/model/cluster-event.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { accessTo, credentialsFor, json, startScripted, until } from './scripted-server.ts';

const open: (() => unknown)[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'link-'));
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

test('a thread that crashes makes the picture stale, and is started again after a pause', async () => {
  const script = join(folder, 'thread.mjs');
  await writeFile(
    script,
    `import { parentPort } from 'node:worker_threads';
     let at = 5;
     const tell = (event) => parentPort.postMessage({ type: 'told', id: 1, event: { at: at++, ...event }, requests: 0 });
     tell({ type: 'status', status: { state: 'loading', loaded: 0, total: null } });
     tell({ type: 'list-started' });
     tell({ type: 'list-ended' });
     tell({ type: 'status', status: { state: 'live' } });
     setTimeout(() => { throw new Error('no memory'); }, 5);`,
  );
  const clock = new FakeClock();
  const stop = new AbortController();
  const events: ToldEvent[] = [];
  const { access } = accessTo('https://127.0.0.1:1');
  const connection = createConnection({ access, userAgent: 'test' });
  const thread = createLinkThread({ connection, clock, random: () => 0, script: pathToFileURL(script) });
  const ended = thread.follow('pods', (event) => events.push(event), stop.signal);
  const statuses = () => events.flatMap((event) => (event.type === 'status' ? [event.status] : []));
  await until(() => statuses().length === 3);
  expect(statuses()[2]).toEqual({
    state: 'stale',
    since: 7,
    why: 'The thread that reads from the API server failed (no memory); it is started again.',
  });
  await clock.advance(1_000);
  await until(() => statuses().length === 5);
  expect(statuses().map((status) => status.state)).toEqual(['loading', 'live', 'stale', 'live', 'stale']);
  stop.abort();
  await ended;
  expect(clock.timers).toBe(0);
});

test('a thread started again that cannot list leaves the picture of the one before stale, not absent', async () => {
  const [script, mark] = [join(folder, 'thread.mjs'), join(folder, 'ran-before')];
  await writeFile(
    script,
    `import { existsSync, writeFileSync } from 'node:fs';
     import { parentPort } from 'node:worker_threads';
     let at = 5;
     const tell = (event) => parentPort.postMessage({ type: 'told', id: 1, event: { at: at++, ...event }, requests: 0 });
     tell({ type: 'status', status: { state: 'loading', loaded: 0, total: null } });
     if (existsSync(${JSON.stringify(mark)})) tell({ type: 'status', status: { state: 'absent', why: 'refused' } });
     else {
       writeFileSync(${JSON.stringify(mark)}, '');
       tell({ type: 'list-ended' });
       tell({ type: 'status', status: { state: 'live' } });
     }
     setTimeout(() => { throw new Error('no memory'); }, 5);`,
  );
  const clock = new FakeClock();
  const stop = new AbortController();
  const statuses: ResourceStatus[] = [];
  const connection = createConnection({ access: accessTo('https://127.0.0.1:1').access, userAgent: 'test' });
  const thread = createLinkThread({ connection, clock, random: () => 0, script: pathToFileURL(script) });
  const ended = thread.follow('pods', (event) => event.type === 'status' && statuses.push(event.status), stop.signal);
  await until(() => statuses.length === 3);
  await clock.advance(1_000);
  await until(() => statuses.length === 5);
  expect(statuses.map(({ state }) => state)).toEqual(['loading', 'live', 'stale', 'stale', 'stale']);
  expect(statuses[3]).toEqual({ state: 'stale', since: 6, why: 'refused' });
  stop.abort();
  await ended;
});

test('a thread that cannot be started is told of, and tried again after a pause', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const statuses: ResourceStatus[] = [];
  const connection = createConnection({ access: accessTo('https://127.0.0.1:1').access, userAgent: 'test' });
  const nowhere = new URL('https://127.0.0.1/no-file');
  const thread = createLinkThread({ connection, clock, random: () => 0, script: nowhere });
  const ended = thread.follow('pods', (event) => event.type === 'status' && statuses.push(event.status), stop.signal);
  await settled();
  expect(statuses).toHaveLength(1);
  await clock.advance(60_000);
  expect(statuses.length).toBeGreaterThan(2);
  expect(statuses.length).toBeLessThan(15);
  expect(statuses[0]).toMatchObject({
    state: 'absent',
    why: expect.stringMatching(/^The thread .+ could not be started \(.+\); it is tried again\.$/) as string,
  });
  stop.abort();
  await ended;
  expect(clock.timers).toBe(0);
});

/** The thread alone, with the test in the place of the main thread. */
function startThread(server: string) {
  const { cluster, context, user, namespace } = accessTo(server).access;
  const task: ThreadTask = { access: { cluster, context, user, namespace, server }, userAgent: 'test' };
  const script = new URL('../../../source/links/kubernetes/link-worker.ts', import.meta.url);
  const thread = new Worker(script, { workerData: task, execArgv: [] });
  open.push(() => thread.terminate());
  return { thread, post: (message: ToThread) => thread.postMessage(message) };
}

test('a main thread that is behind is not flooded: the server is read no further', async () => {
  let pages = 0;
  const server = await startScripted((asked, answer) => {
    if (asked.headers['user-agent'] !== 'test') {
      json(answer, 200, {});
      return;
    }
    pages += 1;
    const page = Number(asked.url.searchParams.get('continue') ?? '0');
    const items = [{ metadata: { name: `pod-${page}`, uid: `uid-${page}` } }];
    json(answer, 200, { metadata: { resourceVersion: '1', continue: String(page + 1) }, items });
  });
  open.push(server.close);
  const { thread, post: answer } = startThread(server.url);
  answer({ type: 'follow', id: 1, resource: 'pods' });
  let untaken = 0;
  thread.on('message', (message: FromThread) => {
    if (message.type === 'ask-credentials')
      answer({ type: 'credentials', credentials: credentialsFor(server.url), otherDoors: [] });
    if (message.type === 'told') untaken += 1;
  });
  const meanwhile = createConnection({ access: accessTo(server.url).access, userAgent: 'other', localDoors: [] });
  open.push(meanwhile.close);

  await until(() => untaken >= 4);
  for (let count = 0; count < 50; count += 1) await meanwhile.json({ what: 'pass time', method: 'GET', path: '/' });
  expect(untaken).toBeLessThanOrEqual(6);
  expect(pages).toBeLessThanOrEqual(3);
  while (pages < 30) {
    for (; untaken > 0; untaken -= 1) answer({ type: 'taken' });
    await until(() => untaken > 0);
  }
});

test('credentials that come when nobody asks any more are not kept for a later request', async () => {
  const server = await startScripted(({ url }, answer) => {
    if (url.searchParams.get('watch') !== '1') json(answer, 200, { metadata: { resourceVersion: '1' }, items: [] });
  });
  open.push(server.close);
  const { thread, post } = startThread(server.url);
  const give = (token: string) => {
    const credentials = credentialsFor(server.url, { headers: { Authorization: token } });
    post({ type: 'credentials', credentials, otherDoors: [] });
  };
  const answers = [['first', 'late'], ['second']];
  thread.on('message', (message: FromThread) => {
    if (message.type === 'told') post({ type: 'taken' });
    if (message.type === 'ask-credentials') answers.shift()?.forEach(give);
  });
  post({ type: 'follow', id: 1, resource: 'nodes' });
  await until(() => server.asked.length === 2);
  expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(['first', 'second']);
});

test('nodes come first: all else is asked for when their list has ended, or could not be read', async () => {
  for (const status of [200, 403]) {
    const asked: string[] = [];
    let nodes: (() => void) | null = null;
    const server = await startScripted(({ url }, answer) => {
      if (url.searchParams.get('watch') === '1') return;
      asked.push(url.pathname);
      const tell = () =>
        json(answer, url.pathname.endsWith('/nodes') ? status : 200, { metadata: { resourceVersion: '1' }, items: [] });
      if (url.pathname === '/api/v1/nodes') nodes = tell;
      else tell();
    });
    open.push(server.close);
    const connection = createConnection({ access: accessTo(server.url).access, userAgent: 'test', localDoors: [] });
    open.push(connection.close);
    const stop = new AbortController();
    const ready = new Set<Resource>();
    const thread = createLinkThread({ connection, clock: realClock, random: () => 0 });
    const ended = (['nodes', 'events', 'pods', 'claims'] as const).map((resource) =>
      thread.follow(resource, (event) => event.type === 'list-ended' && ready.add(resource), stop.signal),
    );
    await until(() => nodes !== null);
    expect(asked).toEqual(['/api/v1/nodes']);
    (nodes as (() => void) | null)?.();
    await until(() => ready.size >= 3 && asked.length >= 4);
    expect(asked.slice(1).sort()).toEqual(['/api/v1/events', '/api/v1/persistentvolumeclaims', '/api/v1/pods']);
    stop.abort();
    await Promise.all(ended);
  }
});

test('whoever follows last takes the thread with it, and a new follower starts another', async () => {
  const server = await startScripted(({ url }, answer) => {
    if (url.searchParams.get('watch') !== '1') json(answer, 200, { metadata: { resourceVersion: '1' }, items: [] });
  });
  open.push(server.close);
  const connection = createConnection({ access: accessTo(server.url).access, userAgent: 'test', localDoors: [] });
  open.push(connection.close);
  const thread = createLinkThread({ connection, clock: realClock, random: () => 0 });
  for (let round = 1; round <= 2; round += 1) {
    const [one, other] = [new AbortController(), new AbortController()];
    const told: string[] = [];
    const nodes = thread.follow('nodes', ({ type }) => told.push(`nodes ${type}`), one.signal);
    const claims = thread.follow('claims', ({ type }) => told.push(`claims ${type}`), other.signal);
    await until(() => told.includes('nodes list-ended') && told.includes('claims list-ended'));
    one.abort();
    await nodes;
    other.abort();
    await claims;
  }
});

test('who follows again while the thread of before still ends has a channel to its own', async () => {
  const server = await startScripted(({ url }, answer) => {
    if (url.searchParams.get('watch') !== '1') json(answer, 200, { metadata: { resourceVersion: '1' }, items: [] });
  });
  open.push(server.close);
  const connection = createConnection({ access: accessTo(server.url).access, userAgent: 'test', localDoors: [] });
  open.push(connection.close);
  const thread = createLinkThread({ connection, clock: realClock, random: () => 0 });
  const [before, stop] = [new AbortController(), new AbortController()];
  const told: string[] = [];
  const gone = thread.follow('nodes', ({ type }) => told.push(`before ${type}`), before.signal);
  await until(() => told.includes('before list-ended'));
  before.abort();
  await Promise.resolve();
  const nodes = thread.follow('nodes', ({ type }) => told.push(`nodes ${type}`), stop.signal);
  await gone;
  // The channel is needed for all that comes later: what was taken in, and who else is to be followed.
  const claims = thread.follow('claims', ({ type }) => told.push(`claims ${type}`), stop.signal);
  await until(() => told.includes('nodes list-ended') && told.includes('claims list-ended'));
  stop.abort();
  await Promise.all([nodes, claims]);
});
