import { describe, expect, it } from 'vitest';
import type { JournalDocument } from '../../source/commands/kinds/journal.ts';
import type { NodeList } from '../../source/commands/kinds/node-list.ts';
import type { OperationDocument } from '../../source/commands/kinds/operation.ts';
import { isRead } from '../../source/links/kubernetes/reads.ts';
import { schemaErrors } from './program.ts';
import { sandboxed } from './sandboxed.ts';

const here = sandboxed();
const { cli, json } = here;
const WORKER = 'par1-worker-1';

type Item = NodeList['items'][number];
const nodeOf = async (name: string): Promise<Item | undefined> =>
  ((await json(`nodes ${name}`)).document as NodeList).items[0];
const labelsOf = async (name: string): Promise<Record<string, string>> =>
  ((await json(`node ${name}`)).document as { labels: Record<string, string> }).labels;
const taintsOf = async (name: string): Promise<string[]> =>
  ((await nodeOf(name))?.taints ?? []).map(({ key, value, effect }) => `${key}=${value}:${effect}`);

/** Requests since the last call of the answer, without reads. */
function writesFrom(start = here.sandbox.requests.length): () => string[] {
  return () =>
    here.sandbox.requests
      .slice(start)
      .filter(({ method, path }) => !isRead(method, path))
      .map(({ method, path }) => `${method} ${path}`);
}
const FORBIDDEN = { apiVersion: 'v1', kind: 'Status', status: 'Failure', code: 403, message: 'a policy is against it' };
const dryRun = /[?&]dryRun=All\b/;

describe('an edit', () => {
  it('is shown, checked by the server and applied with --yes, and undo takes it back', async () => {
    const done = await cli(`label ${WORKER} rack=b2 --yes`);
    expect(done).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        `Label ${WORKER}`,
        WORKER,
        '  + label rack=b2',
        `Same as: kubectl label nodes ${WORKER} rack=b2`,
        `${WORKER}: done`,
        '',
      ].join('\n'),
    });
    expect(await labelsOf(WORKER)).toMatchObject({ rack: 'b2' });
    expect((await cli('undo --yes')).code).toBe(0);
    expect(await labelsOf(WORKER)).not.toHaveProperty('rack');
  });

  it('shows the kubectl line with the context that was chosen, in the plan and in the journal', async () => {
    const context = 'admin@sandbox-standard';
    const line = `kubectl --context ${context} cordon ${WORKER}`;
    expect((await cli(`cordon ${WORKER} --yes --context ${context}`)).stdout).toContain(`Same as: ${line}\n`);
    expect((await cli('journal')).stdout).toContain(line);
    expect((await cli(`undo --yes --context ${context}`)).stdout).toContain(`kubectl --context ${context} uncordon`);
  });

  it.each([
    `taint nodes ${WORKER} gpu=yes:NoSchedule --dry-run`,
    `label node ${WORKER} rack=b2 --dry-run`,
    `cordon node ${WORKER} --dry-run`,
    'cordon nodes -l node-role.kubernetes.io/node --dry-run',
  ])('takes the line that it prints itself: %s', async (line) => {
    expect(await cli(line)).toMatchObject({ code: 0, stderr: '' });
  });

  it('answers programs with one document by its schema', async () => {
    const { code, stderr, document } = await json(`taint ${WORKER} disk=slow:PreferNoSchedule --yes`);
    expect({ code, stderr, errors: schemaErrors('operation', document) }).toEqual({ code: 0, stderr: '', errors: [] });
    const { operation } = document as OperationDocument;
    expect(operation).toMatchObject({
      name: 'taint',
      dryRun: false,
      plan: [{ node: WORKER, dryRun: { state: 'accepted', why: null } }],
      results: [{ node: WORKER, state: 'done', why: null }],
      commands: [`kubectl taint nodes ${WORKER} disk=slow:PreferNoSchedule`],
    });
    expect(await taintsOf(WORKER)).toEqual(['disk=slow:PreferNoSchedule']);
    expect((await cli(`taint ${WORKER} disk- --yes`)).code).toBe(0);
    expect(await taintsOf(WORKER)).toEqual([]);
  });

  it('with --dry-run asks the server and changes nothing', async () => {
    const writes = writesFrom();
    const { code, document } = await json(`label ${WORKER} rack=b2 --dry-run`);
    expect(code).toBe(0);
    expect((document as OperationDocument).operation).toMatchObject({ dryRun: true, results: [] });
    expect(writes()).toEqual([expect.stringMatching(dryRun)]);
    expect(await labelsOf(WORKER)).not.toHaveProperty('rack');
  });

  it('without a terminal needs --yes, and says so', async () => {
    const writes = writesFrom();
    const { code, stderr } = await cli(`cordon ${WORKER}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Nothing was changed: there is no terminal to confirm on; add --yes [^\n]+\n$/);
    expect(writes().filter((write) => !dryRun.test(write))).toEqual([]);
  });

  it.each([
    ['y\n', 0, ['Ready', 'Cordoned']],
    ['yes\n', 0, ['Ready', 'Cordoned']],
    ['n\n', 1, ['Ready']],
    ['\n', 1, ['Ready']],
    ['yesterday\n', 1, ['Ready']],
  ])('on a terminal asks, and %j is understood', async (typed, wanted, status) => {
    const { code, stderr } = await cli(`cordon ${WORKER}`, { typed });
    expect({ code, asked: stderr.includes('Change 1 node? [y/N] ') }).toEqual({ code: wanted, asked: true });
    expect((await nodeOf(WORKER))?.status).toEqual(expect.arrayContaining(status));
    expect((await nodeOf(WORKER))?.status).toHaveLength(status.length);
    await cli(`uncordon ${WORKER} --yes`);
  });

  it('shows the plan on stderr when stdout is for a program', async () => {
    const { stdout, stderr } = await cli(`cordon ${WORKER} -o json`, { typed: 'n\n' });
    expect(stderr).toContain('Same as: kubectl cordon');
    expect(JSON.parse(stdout)).toMatchObject({ operation: { results: [] } });
  });

  it('that is in place already sends nothing and is done', async () => {
    const writes = writesFrom();
    const { code, stdout } = await cli(`uncordon ${WORKER} --yes`);
    expect({ code, writes: writes() }).toEqual({ code: 0, writes: [] });
    expect(stdout).toContain(`${WORKER}: nothing to change`);
  });

  it('takes nodes by selector, and all of them', async () => {
    const some = await json('label -l node-role.kubernetes.io/node tier=x --yes');
    expect((some.document as OperationDocument).operation.results.map(({ node }) => node)).toEqual([
      'par1-worker-1',
      'par1-worker-2',
      'par1-worker-3',
    ]);
    const all = await json('label --all tier- --yes');
    expect((all.document as OperationDocument).operation).toMatchObject({
      results: Array.from({ length: 3 }, () => ({ state: 'done' })),
      unchanged: ['par1-bootstrap', 'par1-control-1', 'par1-control-2'],
    });
  });

  it('untaints the bootstrap node with the role that keeps it so', async () => {
    const before = await taintsOf('par1-bootstrap');
    const { code, stdout } = await cli(
      'taint par1-bootstrap node-role.kubernetes.io/bootstrap:NoSchedule- --add-node-role --yes',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('  - taint node-role.kubernetes.io/bootstrap:NoSchedule\n');
    expect(stdout).toContain('  + label node-role.kubernetes.io/node=\n');
    expect(await taintsOf('par1-bootstrap')).toEqual([]);
    expect((await nodeOf('par1-bootstrap'))?.roles).toContain('node');
    expect((await cli('undo --yes')).code).toBe(0);
    expect(await taintsOf('par1-bootstrap')).toEqual(before);
    expect((await nodeOf('par1-bootstrap'))?.roles).not.toContain('node');
  });
});

describe('what is wrong is told before anything is sent', () => {
  it.each([
    [`label ${WORKER}`, /No edit is given/],
    [`label rack=b2`, /No node is named/],
    [`label ${WORKER} -l a=b rack=b2`, /two ways/],
    [`label ${WORKER} rack=b2=3`, /one "="/],
    [`label ${WORKER} ra%ck=b2`, /"ra%ck=b2"/],
    [`label ${WORKER} rack=-b2-x!`, /"rack=-b2-x!"/],
    [`label a,b rack=b2`, /node name "a,b" must be a DNS name/],
    [`cordon a,spec.unschedulable=true`, /must be a DNS name/],
    [`label nope rack=b2`, /There is no node "nope"/],
    [`label -l nothing=here rack=b2`, /No node matches/],
    [`taint ${WORKER} disk=slow`, /KEY=VALUE:EFFECT/],
    [`taint ${WORKER} disk=slow:Never`, /NoSchedule, PreferNoSchedule, NoExecute/],
    [`taint ${WORKER} disk`, /No edit is given/],
    ['cordon', /No node is named/],
    ['cordon par1-worker-11', /did you mean "par1-worker-1"/],
    ['undo nothing-of-that', /nothing-of-that/],
    ['undo', /nothing to undo/],
  ])('%s', async (line, rule) => {
    const writes = writesFrom();
    const { code, stdout, stderr } = await cli(`${line} --yes`);
    expect({ code, stdout, writes: writes() }).toEqual({ code: 2, stdout: '', writes: [] });
    expect(stderr).toMatch(rule);
    expect(stderr).toMatch(/^[^\n]+[.?]\n$/);
  });
});

describe('what the server says', () => {
  it('is told when somebody edited the same taints between plan and confirmation', async () => {
    let edited = false;
    here.sandbox.onRequest = ({ method, path }) => {
      if (edited || method !== 'PATCH' || !dryRun.test(path)) return;
      edited = true;
      here.sandbox.world.nodes.update(WORKER, (node) => ({
        ...node,
        spec: { ...node.spec, taints: [{ key: 'somebody', effect: 'NoSchedule' }] },
      }));
    };
    const { code, document } = await json(`taint ${WORKER} mine=1:NoSchedule --yes`);
    here.sandbox.onRequest = null;
    expect(code).toBe(1);
    expect((document as OperationDocument).operation.results).toEqual([
      {
        task: 'edit',
        node: WORKER,
        state: 'conflict',
        why: expect.stringMatching(/changed by somebody else/) as string,
      },
    ]);
    await cli(`taint ${WORKER} somebody- --yes`);
  });

  it('about one node does not keep the others from being done, and the end is 1', async () => {
    const calm = here.sandbox.faults.every(({ method, path }) =>
      method === 'PATCH' && path.includes('worker-2') && !dryRun.test(path)
        ? { status: 403, body: FORBIDDEN }
        : undefined,
    );
    const { code, document } = await json('label par1-worker-1 par1-worker-2 tier=x --yes');
    calm();
    const { results } = (document as OperationDocument).operation;
    expect(results.map(({ node, state }) => [node, state === 'done'])).toEqual([
      ['par1-worker-1', true],
      ['par1-worker-2', false],
    ]);
    expect(code).toBe(1);
    await cli('label --all tier- --yes');
  });

  it('to a user who may only read is told before anything is sent, and the end is 3', async () => {
    const writes = writesFrom();
    const { code, stdout } = await cli(`cordon ${WORKER} --yes`, { user: 'reader' });
    expect({ code, writes: writes() }).toEqual({ code: 3, writes: [] });
    expect(stdout).toContain('Refused: Nothing can be written: user "reader" has no right to patch nodes.\n');
    expect((await nodeOf(WORKER))?.status).toEqual(['Ready']);
  });
});

describe('read-only', () => {
  it.each([
    'nodes',
    `node ${WORKER}`,
    `label ${WORKER} rack=b2 --yes`,
    `taint ${WORKER} disk=slow:NoSchedule --yes`,
    `cordon ${WORKER} --yes`,
    `uncordon --all --yes`,
    `cordon ${WORKER} --dry-run`,
    'undo --yes',
    'journal',
  ])('%s sends nothing that is not a read', async (line) => {
    const writes = writesFrom();
    await cli(`${line} --read-only`);
    expect(writes()).toEqual([]);
  });

  it('refuses an edit with the reason', async () => {
    const { code, stdout } = await cli(`cordon ${WORKER} --yes --read-only`);
    expect(code).toBe(1);
    expect(stdout).toContain('Refused: Nothing can be written: this session is read-only (--read-only).');
  });
});

describe('the journal', () => {
  it('holds what was changed, and answers by its schema', async () => {
    await cli(`label ${WORKER} rack=b2 --yes`);
    await cli(`label par1-worker-2 rack=b3 --yes`);
    await cli('undo --yes');
    const { code, document } = await json('journal');
    expect({ code, errors: schemaErrors('journal', document) }).toEqual({ code: 0, errors: [] });
    const { items } = document as JournalDocument;
    expect(items.map(({ operation, object, result }) => [operation, object, result])).toEqual([
      ['undo', 'par1-worker-2', 'done'],
      ['label', 'par1-worker-2', 'done'],
      ['label', WORKER, 'done'],
    ]);
    expect(items[2]).toMatchObject({
      before: { 'label rack': null },
      after: { 'label rack': 'b2' },
      context: 'admin@sandbox-standard',
    });
    const limited = await json(`journal --node ${WORKER} --since 1h --limit 1`);
    expect((limited.document as JournalDocument).items.map(({ object }) => object)).toEqual([WORKER]);
    expect((await json('journal --since 2999-01-01')).document).toMatchObject({ items: [] });
    expect((await cli('journal')).stdout).toMatch(/kubectl label nodes par1-worker-1 rack=b2/);
    const [, , { id }] = items as [Item: unknown, Other: unknown, First: { id: string }];
    expect((await cli(`undo ${id} --yes`)).code).toBe(0);
    expect(await labelsOf(WORKER)).not.toHaveProperty('rack');
  });

  it('names what was changed by what it is about, with what stood there and what stands there since', async () => {
    await cli(`label ${WORKER} rack=b2 --yes`);
    await cli(`taint ${WORKER} disk=slow:PreferNoSchedule --yes`);
    await cli('cordon par1-worker-3 --yes');
    const { document } = await json('journal');
    expect(schemaErrors('journal', document)).toEqual([]);
    const taint = { key: 'disk', value: 'slow', effect: 'PreferNoSchedule', timeAdded: null };
    expect((document as JournalDocument).items.map(({ before, after }) => [before, after])).toEqual([
      [{ cordon: false }, { cordon: true }],
      [{ 'taint disk:PreferNoSchedule': null }, { 'taint disk:PreferNoSchedule': taint }],
      [{ 'label rack': null }, { 'label rack': 'b2' }],
    ]);
    expect((await cli('uncordon par1-worker-3 --yes')).code).toBe(0);
    expect((await cli(`taint ${WORKER} disk- --yes`)).code).toBe(0);
    expect((await cli(`label ${WORKER} rack- --yes`)).code).toBe(0);
  });

  it('is read without a cluster or a kubeconfig, for one context if wanted', async () => {
    await cli(`label ${WORKER} rack=b2 --yes`);
    const [start, environment] = [here.sandbox.requests.length, { KUBECONFIG: '/nonexistent' }];
    const { code, document } = await json('journal', { environment });
    expect({ code, asked: here.sandbox.requests.length - start }).toEqual({ code: 0, asked: 0 });
    expect((document as JournalDocument).items).toHaveLength(1);
    expect((await json('journal --context elsewhere', { environment })).document).toMatchObject({ items: [] });
    expect((await json('journal --context admin@sandbox-standard', { environment })).document).toEqual({
      ...(document as JournalDocument),
      at: expect.any(String) as string,
    });
    await cli('undo --yes');
  });

  it('without an entry says so', async () => {
    expect(await cli('journal')).toEqual({ code: 0, stdout: '', stderr: 'The journal has nothing of that.\n' });
  });
});
