// The picture against a fresh list over real sockets: what the model test of the state does with a server made by hand.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import { isLive, openLink } from './open-link.ts';

const FOLLOWED = ['nodes', 'pods', 'persistentVolumes', 'claims', 'storageClasses', 'volumes'] as const;
/** The thread of pods waits as long as for an operator. */
const PATIENCE = 20_000;
const isWatch = (path: string): boolean => path.includes('watch=1');

/** What befalls the cluster and its server; `index` chooses an object. */
const ACTS: Readonly<Record<string, (box: Sandbox, index: number) => unknown>> = {
  'cordon a node': ({ world }, index) => {
    const name = nth(world.nodes.all(), index)?.metadata.name ?? '';
    world.nodes.update(name, (node) => ({ ...node, spec: { ...node.spec, unschedulable: !node.spec.unschedulable } }));
  },
  'delete a pod, whose owner makes another': ({ world }, index) => {
    const pod = nth(world.pods.all(), index);
    if (pod !== undefined) world.pods.remove(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`);
  },
  're-create a node under its name': ({ world }, index) => {
    const node = nth(world.nodes.all(), index);
    if (node === undefined) return;
    world.nodes.remove(node.metadata.name);
    world.nodes.put({ ...node, metadata: { ...node.metadata, uid: `${node.metadata.uid}-again` } });
  },
  'forget the past': ({ world }) => world.compact(),
  'cut every connection': (box) => box.dropConnections(),
  'say that a watch is too old': ({ faults }) =>
    faults.next(({ path }) =>
      isWatch(path) ? { status: 410, body: { kind: 'Status', code: 410, reason: 'Expired' } } : undefined,
    ),
  'break a list off': ({ faults }) => faults.next(({ path }) => (isWatch(path) ? undefined : 'truncate')),
  'refuse connections for a moment': async (box) => {
    await box.pause();
    await box.resume();
  },
};

const nth = <T>(all: readonly T[], index: number): T | undefined => all[index % Math.max(all.length, 1)];

const steps = fc.array(fc.record({ act: fc.constantFrom(...Object.keys(ACTS)), index: fc.nat({ max: 1_000 }) }), {
  minLength: 8,
  maxLength: 16,
});

test('after anything that befalls a cluster and its server the picture is a fresh list', async () => {
  const box = await startSandbox({ heartbeats: false, churn: false });
  onTestFinished(() => box.stop());
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const { reader, follow } = await openLink(box.kubeconfig());
      const followed = FOLLOWED.map((resource) => ({ resource, ...follow(resource) }));
      for (const { act, index } of steps) await ACTS[act]?.(box, index);
      box.faults.clear();
      // Controllers go on making pods for a while, so both sides are looked at until they agree.
      const differences = () =>
        Promise.all(
          followed.map(async ({ resource, picture }) => {
            const fresh = byUid(await (resource === 'pods' ? reader.pods() : reader.all(resource)));
            return isLive(picture) && isDeepStrictEqual(byUid(picture.items.values()), fresh) ? [] : [resource];
          }),
        );
      await expect.poll(async () => (await differences()).flat(), { timeout: PATIENCE }).toEqual([]);
      await Promise.all(followed.map(({ end }) => end()));
    }),
    { numRuns: 3, endOnFailure: true },
  );
}, 60_000);

const byUid = (rows: Iterable<{ readonly uid: string }>) =>
  [...rows].map((row) => ({ ...row, resourceVersion: '' })).sort((one, other) => (one.uid < other.uid ? -1 : 1));
