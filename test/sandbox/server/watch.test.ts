import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import { clientOf, type Client, type StreamEvent } from '../client.ts';

let clock: ManualClock;
let sandbox: Sandbox;
let client: Client;
beforeEach(async () => {
  clock = manualClock();
  sandbox = await startSandbox({ clock, churn: false, heartbeats: false, bookmarkInterval: 60_000 });
  client = clientOf(sandbox);
});
afterEach(async () => {
  client.close();
  await sandbox.stop();
});

const NODE = '/api/v1/nodes/par1-worker-1';
const label = (value: string | null): Promise<unknown> =>
  client.patch(NODE, 'merge', { metadata: { labels: { tier: value } } });
const now = (): string => String(sandbox.world.revisions.current);
const told = ({ type, object }: StreamEvent): [string, string | undefined] => [type, object.metadata?.name];

describe('a watch', () => {
  it('without a revision begins with all that is there', async () => {
    const watch = await client.watch('/api/v1/nodes?watch=true&timeoutSeconds=5');
    clock.advance(5000);
    const events = await watch.rest();
    expect(events.length).toBe(6);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['ADDED']));
  });

  it('from a revision misses nothing and repeats nothing', async () => {
    const from = now();
    await label('a');
    const watch = await client.watch(`/api/v1/nodes?watch=1&resourceVersion=${from}&timeoutSeconds=5`);
    await label('b');
    clock.advance(5000);
    const labels = (await watch.rest()).map(
      ({ object }) => (object.metadata as { labels: { tier?: string } }).labels.tier,
    );
    expect(labels).toEqual(['a', 'b']);
  });

  it('tells an object that begins to be selected as ADDED and one that stops as DELETED', async () => {
    const watch = await client.watch('/api/v1/nodes?watch=1&labelSelector=tier&timeoutSeconds=5');
    await label('a');
    await label('b');
    await label(null);
    await client.patch(NODE, 'merge', { metadata: { labels: { other: 'x' } } });
    clock.advance(5000);
    const events = await watch.rest();
    expect(events.map(told)).toEqual([
      ['ADDED', 'par1-worker-1'],
      ['MODIFIED', 'par1-worker-1'],
      ['DELETED', 'par1-worker-1'],
    ]);
  });

  it('of pods on one node follows that node alone', async () => {
    const watch = await client.watch(
      '/api/v1/pods?watch=1&fieldSelector=spec.nodeName%3Dpar1-worker-1&timeoutSeconds=5',
    );
    clock.advance(5000);
    const events = await watch.rest();
    expect(events.length).toBeGreaterThan(5);
    expect(events.every(({ object }) => (object['spec'] as { nodeName: string }).nodeName === 'par1-worker-1')).toBe(
      true,
    );
  });

  it('brings a bookmark each minute and two seconds before its end, to those who allow it', async () => {
    const quiet = await client.watch(`/api/v1/nodes?watch=1&resourceVersion=${now()}&timeoutSeconds=150`);
    const watch = await client.watch(
      `/api/v1/nodes?watch=1&resourceVersion=${now()}&timeoutSeconds=150&allowWatchBookmarks=true`,
    );
    clock.advance(59_000);
    clock.advance(1000);
    expect((await watch.take(1)).map(told)).toEqual([['BOOKMARK', undefined]]);
    clock.advance(90_000);
    expect((await watch.rest()).map(({ type }) => type)).toEqual(['BOOKMARK', 'BOOKMARK']);
    expect(await quiet.rest()).toEqual([]);
  });

  it('that is too old is one ERROR in an answer of 200', async () => {
    const from = now();
    await label('a');
    sandbox.world.compact();
    await label('b');
    const watch = await client.watch(`/api/v1/nodes?watch=1&resourceVersion=${from}`);
    expect(watch.status).toBe(200);
    const [event, ...more] = await watch.rest();
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
    expect(more).toEqual([]);
  });

  it('whose client does not read ends, and one that reads goes on', async () => {
    const from = now();
    const path = `/api/v1/nodes?watch=1&resourceVersion=${from}`;
    const [read, unread] = [await client.watch(path), await client.watch(path)];
    const changes = 60;
    for (let change = 0; change < changes; change += 1) {
      sandbox.world.nodes.update('par1-worker-1', (node) => ({
        ...node,
        metadata: { ...node.metadata, annotations: { text: 'x'.repeat(400_000) } },
      }));
      expect((await read.next())?.type).toBe('MODIFIED');
    }
    const late = await unread.rest();
    expect(late.length).toBeGreaterThan(0);
    expect(late.length).toBeLessThan(changes);
    await label('a');
    expect((await read.next())?.object.metadata?.resourceVersion).toBe(now());
  });

  it('of no given length lasts between half an hour and an hour', async () => {
    const watch = await client.watch(`/api/v1/nodes?watch=1&resourceVersion=${now()}`);
    clock.advance(30 * 60_000 - 1);
    await label('a');
    expect((await watch.next())?.type).toBe('MODIFIED');
    clock.advance(30 * 60_000);
    expect(await watch.next()).toBeNull();
  });
});
