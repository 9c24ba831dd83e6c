import { describe, expect, test } from 'vitest';
import type { EtcdRequest, Plan, StepResult } from '../../../source/operations/operation.ts';
import type { Session } from '../../../source/session/session.ts';
import { FakeEtcd, planOf, runOn } from '../../operations/etcd/fake-etcd.ts';
import { KEYS } from '../emulator.ts';
import { etcdEvents } from '../etcd-cluster.ts';
import { NOON } from '../made-cluster.ts';
import { openScreen } from '../open-screen.tsx';

/** The screen of etcd over a fake of so many members, and what was asked of it. */
async function onEtcd(size: number, options: Parameters<typeof openScreen>[0] = {}) {
  const asked: EtcdRequest[] = [];
  const etcd = (request: EtcdRequest) => {
    asked.push(request);
    return planOf(new FakeEtcd(size), request);
  };
  const screen = openScreen({ events: etcdEvents(), etcd, ...options });
  await screen.untilText('sorted by');
  screen.press('e');
  await screen.untilText('CAN LOSE');
  return { screen, asked };
}

describe('operations from the screen of etcd', () => {
  test('D plans the defragmentation of all, and y carries it out', async () => {
    const { screen, asked } = await onEtcd(3);
    screen.press('D');
    await screen.untilText('Steps, one after the other');
    expect(asked).toEqual([{ kind: 'defragment', members: [] }]);
    const text = screen.screen().join('\n');
    expect(text.indexOf('so none of them may fail')).toBeLessThan(text.indexOf('Looked at'));
    expect(text).toContain('m-2: defragment');
    expect(text).toContain('defragment member m-2 (follower): 80Mi, 40Mi of it in use');
    expect(text).toContain('All members are healthy: 3 vote and 2 are needed.');
    expect(screen.applied).toEqual([]);
    screen.press('y');
    await screen.untilText('Defragment etcd on m-2, m-3 and m-1: done.');
    expect(screen.applied).toHaveLength(1);
    expect(screen.screen().join('\n')).toContain('CAN LOSE');
    expect(screen.screen().join('\n')).not.toContain('u takes it back');
  });

  test('s lets the step on its way come to its end, sends no further one, and the plan says how far it came', async () => {
    const etcd = new FakeEtcd(3);
    let go: () => void = () => undefined;
    const mayGo = new Promise<void>((resolve) => (go = resolve));
    const { reader, writer } = etcd;
    const late = (node: string) => mayGo.then(() => writer.defragment(node));
    const ways = { reader, writer: { ...writer, defragment: late } };
    const apply: Session['apply'] = (plan, onProgress, stop) => runOn(ways, plan, { stop, onProgress });
    const { screen } = await onEtcd(3, { apply, rows: 24 });
    screen.press('D');
    await screen.untilText('Steps, one after the other');
    screen.press(KEYS.pageDown);
    await screen.untilGone('Steps, one after the other');
    screen.press('y');
    await screen.untilText('0 of 3 done');
    await screen.untilText('Steps, one after the other');
    await screen.untilText('~ sending');
    screen.press('s');
    await screen.untilText('stops after this step');
    go();
    await screen.untilText('not all of it is done');
    const text = screen.screen().join('\n');
    expect(text).toMatch(/m-2: defragment +done, seen in the cluster\s+80Mi in the file before, 40Mi now\./);
    expect(text).toMatch(/m-3: defragment +! not sent\s+Stopped before anything was sent to m-3\./);
  });

  test('what the steps of a whole operation came to is told until Escape', async () => {
    const results = (plan: Plan): StepResult[] =>
      plan.steps.map(({ task, node }) => ({ task, node, state: 'done', why: `${node} gave 40Mi back.` }));
    const { screen } = await onEtcd(3, { results });
    screen.press('D');
    await screen.untilText('Steps, one after the other');
    screen.press('y');
    await screen.untilText('done, as told below');
    expect(screen.screen().join('\n')).toContain('m-3 gave 40Mi back.');
    screen.press(KEYS.escape);
    await screen.untilText('CAN LOSE');
  });

  test('what costs the quorum asks for the name of the cluster, and nothing else sends it', async () => {
    const { screen } = await onEtcd(1);
    screen.press('D');
    await screen.untilText('nothing is sent before par1 is typed: _');
    screen.press('y');
    await screen.untilText('is typed: y_');
    screen.press(KEYS.enter);
    await screen.untilText('Nothing was sent: type par1');
    expect(screen.applied).toEqual([]);
    screen.press(`${KEYS.backspace}par1`);
    await screen.untilText('is typed: par1_');
    screen.press(KEYS.enter);
    await screen.untilText('Defragment etcd on m-1: done.');
    expect(screen.applied).toHaveLength(1);
  });

  test('Escape leaves a plan that asks for a name, and nothing is sent', async () => {
    const { screen } = await onEtcd(1);
    screen.press('D');
    await screen.untilText('is typed: _');
    screen.press(`par1${KEYS.escape}`);
    await screen.untilGone('is typed');
    expect(screen.applied).toEqual([]);
  });

  test.each<[string, EtcdRequest]>([
    ['A', { kind: 'disarm' }],
    ['L', { kind: 'move-leader', to: null }],
  ])('%s asks for %o', async (key, request) => {
    const { screen, asked } = await onEtcd(3);
    screen.press(key);
    await screen.untilText('Looked at');
    expect(asked).toEqual([request]);
  });

  test('B plans a backup, and says why none can be asked for where there is no Salt master', async () => {
    const { screen } = await onEtcd(3);
    screen.press('B');
    await screen.untilText('The pod salt-master-bootstrap is ready to ask for it.');
    screen.press(KEYS.escape);
    await screen.untilText('CAN LOSE');

    const uids = [...screen.store.state.podsByNode.values()]
      .flatMap((pods) => [...pods.values()])
      .filter(({ name }) => name.startsWith('salt-master'))
      .map(({ uid }) => uid);
    screen.store.dispatch({ type: 'deleted', at: NOON, resource: 'pods', uids });
    screen.press('B');
    await screen.untilText('Not possible');
    expect(screen.screen().join(' ').replace(/\s+/g, ' ')).toMatch(/run backup\.sh of \/srv\/scality\/metalk8s-/);
    screen.press('y');
    await screen.untilText('nothing can be sent');
    expect(screen.applied).toEqual([]);
  });

  test('are not there when nothing can be written', async () => {
    const { screen, asked } = await onEtcd(3, { readOnly: 'Read-only.' });
    screen.press('DALB');
    await screen.untilText('Read-only.');
    expect(asked).toEqual([]);
  });
});
