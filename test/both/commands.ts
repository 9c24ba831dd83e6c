import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JournalDocument } from '../../source/commands/kinds/journal.ts';
import type { NodeDocument } from '../../source/commands/kinds/node.ts';
import type { NodeList } from '../../source/commands/kinds/node-list.ts';
import type { OperationDocument } from '../../source/commands/kinds/operation.ts';
import { isRead } from '../../source/links/kubernetes/reads.ts';
import { runProgram, schemaErrors, type Ended } from '../commands/program.ts';
import { temporaryFolder } from '../session/boxed.ts';
import type { Given, Member } from './cluster.ts';
import { layLine } from './line.ts';
import { editableOf, makeNode } from './objects.ts';

const BOOTSTRAP = 'node-role.kubernetes.io/bootstrap';
const INFRA = 'node-role.kubernetes.io/infra';
const ONE_SENTENCE = /^[^\n]+[.?]\n$/;

/** The command line, for one test with a journal of its own. */
async function openShell(given: Given, user: Member = 'operator', text?: string) {
  const folder = temporaryFolder();
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, text ?? (await given().kubeconfig(user)), { mode: 0o600 });
  const environment = { KUBECONFIG: kubeconfig, XDG_STATE_HOME: join(folder, 'state'), HOME: folder };
  const cli = (line: string): Promise<Ended> => runProgram(line.split(' '), { environment });
  const json = async <T>(line: string, kind: string): Promise<T> => {
    const { code, stdout, stderr } = await cli(`${line} -o json`);
    const document: unknown = stdout === '' ? null : JSON.parse(stdout);
    expect({ line, code, stderr, errors: schemaErrors(kind, document) }).toEqual({
      line,
      code: 0,
      stderr: '',
      errors: [],
    });
    return document as T;
  };
  return { cli, json };
}

/** The command line, as scripts and people use it. */
export function describeCommands(given: Given) {
  const asked = async (user: 'operator' | 'reader' | 'nobody') => {
    const from = (await given().asked(user)).length;
    return async () => (await given().asked(user)).slice(from);
  };

  test('nodes answers by its schema, with the roles, taints and figures of the site', async () => {
    const { json } = await openShell(given, 'reader');
    const { cluster, items } = await json<NodeList>('nodes -l metalk8s.scality.com/version', 'node-list');
    expect(cluster).toBe(given().clusterName);
    expect(items.map(({ name, roles, taints }) => [name, roles, taints.map(({ key }) => key)])).toEqual([
      ['par1-bootstrap', ['bootstrap', 'etcd', 'master'], [BOOTSTRAP]],
      ['par1-control-1', ['etcd', 'infra', 'master'], ['node-role.kubernetes.io/infra']],
      ['par1-control-2', ['etcd', 'infra', 'master'], ['node-role.kubernetes.io/infra']],
      ['par1-worker-1', ['node'], []],
      ['par1-worker-2', ['node'], []],
      ['par1-worker-3', ['node'], []],
    ]);
    for (const { status, allocatable, requested, pods, planes } of items) {
      expect(status).toEqual(['Ready']);
      expect(requested?.cpu).toBeGreaterThan(0.3);
      expect(requested?.cpu).toBeLessThan(allocatable.cpu ?? NaN);
      expect(pods?.total).toBeGreaterThan(4);
      expect(planes).toMatchObject({
        control: expect.stringMatching(/^10\.1\./) as string,
        workload: expect.stringMatching(/^10\.2\./) as string,
      });
    }
  });

  test('node answers by its schema, and says what nodes says', async () => {
    const { json, cli } = await openShell(given, 'reader');
    const [item] = (await json<NodeList>('nodes par1-control-1', 'node-list')).items;
    const node = await json<NodeDocument>('node par1-control-1', 'node');
    expect(node).toMatchObject({ ...item });
    expect(node.podList?.length).toBe(node.pods?.total);
    expect((await cli('node par1-control-1')).stdout).toContain('par1-control-1');
  });

  test.each<[string, (node: string) => string, object]>([
    ['label', (node) => `label ${node} rack=b2 zone-`, { labels: { rack: 'b2' } }],
    [
      'taint',
      (node) => `taint ${node} disk=slow:PreferNoSchedule dedicated-`,
      { taints: [{ key: 'disk', value: 'slow', effect: 'PreferNoSchedule' }] },
    ],
    [
      'role',
      (node) => `role ${node} +infra -etcd --taint`,
      {
        labels: { zone: 'a', [INFRA]: '' },
        taints: [
          { key: 'dedicated', effect: 'NoSchedule' },
          { key: INFRA, effect: 'NoSchedule' },
        ],
      },
    ],
    ['cordon', (node) => `cordon ${node}`, { unschedulable: true }],
    ['uncordon', (node) => `uncordon ${node}`, { unschedulable: null }],
  ])('%s --dry-run changes nothing, --yes does, and undo takes it back', async (name, line, becomes) => {
    const { api } = given();
    const { json } = await openShell(given);
    const node = await makeNode(api, {
      labels: { zone: 'a' },
      taints: [{ key: 'dedicated', effect: 'NoSchedule' }],
      unschedulable: name === 'uncordon' ? true : null,
    });
    const before = await editableOf(api, node);
    const tried = await json<OperationDocument>(`${line(node)} --dry-run`, 'operation');
    expect(tried.operation).toMatchObject({
      name,
      dryRun: true,
      plan: [{ dryRun: { state: 'accepted' } }],
      results: [],
    });
    expect(await editableOf(api, node)).toEqual(before);

    const done = await json<OperationDocument>(`${line(node)} --yes`, 'operation');
    expect(done.operation).toMatchObject({ name, dryRun: false, results: [{ node, state: 'done', why: null }] });
    expect(await editableOf(api, node)).toEqual({ ...before, ...becomes });

    const undone = await json<OperationDocument>('undo --yes', 'operation');
    expect(undone.operation).toMatchObject({ name: 'undo', results: [{ node, state: 'done', why: null }] });
    expect(await editableOf(api, node)).toEqual(before);
    const { items } = await json<JournalDocument>('journal', 'journal');
    expect(items.map(({ operation, object, result, context }) => [operation, object, result, context])).toEqual([
      ['undo', node, 'done', `operator@${given().clusterName}`],
      [name, node, 'done', `operator@${given().clusterName}`],
    ]);
  });

  test('an edit that is in place already sends nothing and is done', async () => {
    const { cli } = await openShell(given);
    const requests = await asked('operator');
    const { code, stdout } = await cli('uncordon par1-worker-1 --yes');
    expect([code, stdout]).toEqual([0, expect.stringContaining('nothing to change') as string]);
    expect((await requests()).filter(({ method }) => method === 'PATCH')).toEqual([]);
  });

  test.each<[string, RegExp]>([
    ['cordon par1-worker-11 --yes', /There is no node "par1-worker-11"; did you mean "par1-worker-1"\?/],
    ['node par1-bootsrap', /There is no node "par1-bootsrap"; did you mean "par1-bootstrap"\?/],
    ['label par1-worker-1 ra%ck=b2 --yes', /"ra%ck=b2"/],
    ['taint par1-worker-1 disk=slow --yes', /KEY=VALUE:EFFECT/],
    ['taint par1-worker-1 disk=slow:Never --yes', /NoSchedule, PreferNoSchedule, NoExecute/],
    ['role par1-worker-1 +bootstrap --yes', /The role bootstrap is neither given nor taken away/],
    ['nodes --context nowhere', /nowhere/],
    ['undo --yes', /nothing to undo/],
    ['cordon par1-worker-1', /add --yes/],
  ])('%s ends with 2, and changes nothing', async (line, rule) => {
    const { cli } = await openShell(given);
    const requests = await asked('operator');
    const { code, stderr } = await cli(line);
    expect([code, stderr]).toEqual([2, expect.stringMatching(rule) as string]);
    expect(stderr).toMatch(ONE_SENTENCE);
    const writes = (await requests()).filter(({ method, path }) => !isRead(method, path));
    expect(writes.filter(({ path }) => !path.includes('dryRun=All'))).toEqual([]);
  });

  describe('what cannot be read or written for now ends with 3', () => {
    test('for a user who may do nothing', async () => {
      const { code, stdout, stderr } = await (await openShell(given, 'nobody')).cli('nodes');
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/no right to list nodes/);
      expect(stderr).toMatch(ONE_SENTENCE);
    });

    test('for a user who may not write', async () => {
      const { cli } = await openShell(given, 'reader');
      const requests = await asked('reader');
      const { code, stdout } = await cli('cordon par1-worker-1 --yes');
      expect([code, stdout]).toEqual([3, expect.stringContaining('has no right to patch nodes') as string]);
      expect((await requests()).filter(({ method }) => method === 'PATCH')).toEqual([]);
    });

    test('for a user who may not read pods: the rest is told', async () => {
      const { kubeconfig } = await given().blindTo('pods');
      const { cli } = await openShell(given, 'reader', kubeconfig);
      const { code, stdout, stderr } = await cli('nodes par1-worker-1 -o json');
      expect([code, stderr]).toEqual([3, expect.stringContaining('the right "list pods" is missing') as string]);
      const document = JSON.parse(stdout) as NodeList;
      expect(schemaErrors('node-list', document)).toEqual([]);
      expect(document.items).toMatchObject([{ name: 'par1-worker-1', status: ['Ready'], requested: null, pods: null }]);
    });

    test('for a token that is wrong', async () => {
      const text = await given().kubeconfig('operator', 'wrong-token');
      const { code, stderr } = await (await openShell(given, 'operator', text)).cli('nodes');
      expect([code, stderr]).toEqual([3, expect.stringMatching(/401|credentials/) as string]);
      expect(stderr).toMatch(ONE_SENTENCE);
    });

    test('for a server that is not there', async () => {
      const line = await layLine(given().url);
      const { cli } = await openShell(given, 'operator', line.through(await given().kubeconfig('operator')));
      expect((await cli('nodes')).code).toBe(0);
      await line.cut();
      const { code, stdout, stderr } = await cli('nodes');
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/connection was refused/);
      expect(stderr).toMatch(ONE_SENTENCE);
    });
  });

  test('an edit of a read-only session ends with 1, with the reason', async () => {
    const { cli } = await openShell(given);
    const node = await makeNode(given().api, { labels: { rack: 'a' } });
    const { code, stdout } = await cli(`label ${node} rack=b --yes --read-only`);
    expect([code, stdout]).toEqual([1, expect.stringContaining('this session is read-only (--read-only)') as string]);
    expect((await editableOf(given().api, node)).labels).toEqual({ rack: 'a' });
  });

  test.each([
    'nodes',
    'node par1-worker-1',
    'label par1-worker-1 rack=b2 --yes',
    'taint par1-worker-1 disk=slow:NoSchedule --yes',
    'role par1-worker-1 +infra -node --yes',
    'cordon par1-worker-1 --yes',
    'uncordon --all --yes',
    'cordon par1-worker-1 --dry-run',
    'undo --yes',
    'journal',
  ])('%s --read-only sends nothing but reads', async (line) => {
    const { cli } = await openShell(given);
    const requests = await asked('operator');
    await cli(`${line} --read-only`);
    expect((await requests()).filter(({ method, path }) => !isRead(method, path))).toEqual([]);
  });
}
