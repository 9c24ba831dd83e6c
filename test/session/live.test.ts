import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openReplay } from '../../source/session/open-replay.ts';
import { openOnce, openSession } from '../../source/session/open-session.ts';
import type { NodeEdit } from '../../source/operations/operation.ts';
import { nodeRow, rowSources } from '../../source/state/node-rows.ts';
import { makeNode } from '../state/made.ts';
import { bootstrapOf, isLive, once, open, optionsFor, startBox, temporaryFolder, until } from './boxed.ts';

const LABEL: NodeEdit = { kind: 'label', set: { rack: 'a' }, remove: [] };

describe('a live session', () => {
  it('knows the server, its versions and the right to write', async () => {
    const box = await startBox();
    const session = await open(optionsFor(box, temporaryFolder()));
    await until(session.store, ({ rights, latency }) => rights.patchNodes === true && latency !== null);
    expect(session.store.state.server).toMatchObject({
      kubernetesVersion: 'v1.29.8',
      metalk8sVersion: expect.stringMatching(/^\d+\.\d+/) as string,
      door: { address: box.url, first: true },
    });
    expect(session.readOnly).toBeNull();
  });

  it('counts every bound pod of the world on its node', async () => {
    const box = await startBox();
    const { store } = await open(optionsFor(box, temporaryFolder()));
    await until(store, isLive);
    const bound = [...box.world.pods.values()].flatMap(({ spec }) => spec.nodeName ?? []);
    const counts = Map.groupBy(bound, (node) => node);
    expect(counts.size).toBeGreaterThan(3);
    expect(new Map([...store.state.sumsByNode].map(([node, { pods }]) => [node, pods.total]))).toEqual(
      new Map([...counts].map(([node, pods]) => [node, pods.length])),
    );
  });

  it('goes stale when the server is gone and is right again afterwards, with what changed meanwhile', async () => {
    const box = await startBox();
    const session = await open(optionsFor(box, temporaryFolder()));
    await until(session.store, isLive);
    const name = bootstrapOf(session);
    await box.pause();
    await until(session.store, ({ resources }) => resources.nodes.status.state === 'stale');
    expect(session.store.state.nodes.has(name)).toBe(true);
    box.world.nodes.update(name, (node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
    await box.resume();
    await until(session.store, (state) => isLive(state) && state.nodes.get(name)?.cordoned === true);
  });

  it('never rejects for a cluster that does not answer: that is status in the picture', async () => {
    const box = await startBox();
    const options = optionsFor(box, temporaryFolder());
    await box.pause();
    const session = await open(options);
    await until(
      session.store,
      ({ resources }) => resources.nodes.status.state === 'absent' && resources.nodes.status.why !== 'not asked yet',
    );
    expect(session.store.state.resources.nodes.status).toMatchObject({
      why: expect.stringContaining('refused') as string,
    });
    await box.resume();
    await until(session.store, isLive);
  });

  it('says which right is missing where pods may not be read, and shows the rest', async () => {
    const box = await startBox();
    box.deny({ verb: 'list', resource: 'pods' });
    const { store } = await open(optionsFor(box, temporaryFolder()));
    await until(
      store,
      ({ resources }) => resources.pods.status.state === 'denied' && resources.nodes.status.state === 'live',
    );
    const [node] = store.state.nodes.values();
    expect(node && nodeRow(node, rowSources(store.state, node.name)).requested).toEqual({
      state: 'denied',
      right: 'list pods',
    });
  });

  it('closes with nothing left open, also while the server does not answer', async () => {
    const box = await startBox();
    box.faults.every(() => 'hang');
    const session = await openSession(optionsFor(box, temporaryFolder()));
    await session.close();
    await session.close();
  });

  it('rejects for a kubeconfig that is missing or names no such context, before anything is sent', async () => {
    const box = await startBox();
    const options = optionsFor(box, temporaryFolder());
    const wrong = { name: 'ConfigurationError' };
    await expect(openSession({ ...options, kubeconfig: '/nowhere/config' })).rejects.toMatchObject(wrong);
    await expect(openSession({ ...options, context: 'nothing' })).rejects.toMatchObject(wrong);
    expect(box.requests).toEqual([]);
  });
});

describe('an operation whose end nobody saw', () => {
  it('is told as unknown by the next start, once, and can be undone', async () => {
    const box = await startBox();
    const folder = temporaryFolder();
    const first = await once(optionsFor(box, folder));
    const name = bootstrapOf(first);
    const plan = await first.plan([name], LABEL);
    await first.apply(plan);
    const file = join(folder, 'state', 'journal.jsonl');
    const [sent = ''] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${sent}\n{"record":"ended","id":"${plan.id}","obj`);

    const second = await open(optionsFor(box, folder));
    expect(second.notices).toEqual([
      expect.stringMatching(
        /^The end of "kubectl label nodes .+ rack=a" on .+ is unknown: look at it, unless another console still is at it\.$/,
      ),
    ]);
    expect(second.journal()).toMatchObject([{ id: plan.id, result: 'unknown' }]);
    await until(second.store, isLive);
    expect(await second.apply(await second.planUndo(plan.id))).toMatchObject([{ state: 'done' }]);
    expect(second.store.state.nodes.get(name)?.labels['rack']).toBeUndefined();

    expect((await open(optionsFor(box, folder))).notices).toEqual([]);
  });

  it('is done when only the answer was lost, and is not sent twice', async () => {
    const box = await startBox();
    const session = await open(optionsFor(box, temporaryFolder()));
    await until(session.store, isLive);
    const plan = await session.plan([bootstrapOf(session)], LABEL);
    box.faults.next(({ method }) => (method === 'PATCH' ? 'lose-answer' : undefined));
    expect(await session.apply(plan)).toMatchObject([{ state: 'done' }]);
    const writes = box.requests.filter(({ method, path }) => method === 'PATCH' && !path.includes('dryRun'));
    expect(writes).toHaveLength(1);
  });

  it('is unknown when the request was cut before anything was done', async () => {
    const box = await startBox();
    const session = await once({ ...optionsFor(box, temporaryFolder()), patience: { bound: 40, pause: 10 } });
    const plan = await session.plan([bootstrapOf(session)], LABEL);
    box.faults.next(({ method }) => (method === 'PATCH' ? 'reset' : undefined));
    const [result] = await session.apply(plan);
    expect(result).toMatchObject({ state: 'unknown' });
    expect(session.journal()).toMatchObject([{ result: 'unknown', why: result?.why }]);
    await expect(session.apply(plan)).rejects.toThrow('was applied already');
  });
});

describe('a picture taken once', () => {
  it('rejects with the failure of the nodes, and leaves no connection', async () => {
    const box = await startBox();
    const options = optionsFor(box, temporaryFolder(), 'nobody');
    await expect(openOnce(options, { resources: ['nodes'] })).rejects.toMatchObject({
      name: 'LinkFailure',
      kind: 'forbidden',
    });
  });

  it('asks for nothing when nothing is wanted', async () => {
    const box = await startBox();
    const session = await openOnce(optionsFor(box, temporaryFolder()), { resources: [] });
    expect(session.journal()).toEqual([]);
    await session.close();
    expect(box.requests).toEqual([]);
  });
});

describe('a recorded session', () => {
  it.each([null, 1_000])(
    'that breaks off shows its last picture as stale, with the reason: speed %s',
    async (speed) => {
      const record = join(temporaryFolder(), 'session.jsonl');
      const item = makeNode({ name: 'wrk-1' });
      const events = [
        { format: 'metalk8s-console recording', version: 1, at: 1 },
        { type: 'changed', at: 1, resource: 'nodes', items: [item] },
        { type: 'status', at: 2, resource: 'nodes', status: { state: 'live' } },
        { type: 'changed', at: 3, resource: 'nodes' },
        { type: 'heard', at: 4, resource: 'nodes' },
      ];
      writeFileSync(record, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      const replayed = await openReplay(record, { speed });
      const { store, notices } = replayed;
      await until(store, ({ resources }) => resources.nodes.status.state === 'stale');
      const why = `${record} cannot be replayed: line 4 is no event.`;
      expect(store.state.resources.nodes.status).toEqual({ state: 'stale', since: 2, why });
      expect([...store.state.nodes.keys()]).toEqual(['wrk-1']);
      expect(notices).toEqual([why]);
      await replayed.close();
    },
  );

  it('replays to the same picture, and nothing can be written there', async () => {
    const box = await startBox();
    const folder = temporaryFolder();
    const record = join(folder, 'session.jsonl');
    const session = await openSession({ ...optionsFor(box, folder), record });
    await until(session.store, (state) => isLive(state) && state.rights.patchNodes !== null);
    await session.apply(await session.plan([bootstrapOf(session)], LABEL));
    await session.close();

    const replayed = await openReplay(record);
    const { nodes, ...rest } = session.store.state;
    const { nodes: shown, ...others } = replayed.store.state;
    expect(others).toEqual(rest);
    const withoutAnnotations = (all: typeof nodes) => [...all.values()].map((node) => ({ ...node, annotations: null }));
    expect(withoutAnnotations(shown)).toEqual(withoutAnnotations(nodes));
    const plan = await replayed.plan([bootstrapOf(replayed)], { kind: 'cordon' });
    expect(plan.guards).toMatchObject([{ state: 'refused', sentence: expect.stringContaining('recording') as string }]);
    await expect(replayed.apply(plan)).rejects.toMatchObject({ name: 'InputError' });
    expect(replayed.journal()).toEqual([]);
    await replayed.close();
  });

  it('that is no recording is told at once, whether it plays or not', async () => {
    const file = join(temporaryFolder(), 'x');
    await expect(openReplay(file)).rejects.toMatchObject({ name: 'ConfigurationError' });
    await expect(openReplay(file, { speed: 1 })).rejects.toMatchObject({ name: 'ConfigurationError' });
  });

  it('that breaks off shows its last picture as stale, with the reason', async () => {
    const file = join(temporaryFolder(), 'session.jsonl');
    const header = JSON.stringify({ format: 'metalk8s-console recording', version: 1, at: 1 });
    const live = JSON.stringify({ type: 'status', at: 5, resource: 'nodes', status: { state: 'live' } });
    writeFileSync(file, `${header}\n${live}\nbroken\n${live}\n`);
    const session = await openReplay(file, { speed: 1_000 });
    await until(session.store, ({ resources }) => resources.nodes.status.state === 'stale');
    expect(session.store.state.resources.nodes.status).toMatchObject({
      why: expect.stringContaining('line 3') as string,
    });
    await session.close();
  });
});
