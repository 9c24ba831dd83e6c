import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { NodeDocument } from '../../source/commands/kinds/node.ts';
import type { NodeList } from '../../source/commands/kinds/node-list.ts';
import type { MetricsFault } from '../../source/sandbox/sandbox.ts';
import { schemaErrors } from './program.ts';
import { sandboxed } from './sandboxed.ts';

const here = sandboxed();
const { cli, json } = here;
const listOf = async (line: string): Promise<NodeList> => (await json(line)).document as NodeList;
const namesOf = async (line: string): Promise<string[]> => (await listOf(line)).items.map(({ name }) => name);

/** All that stays the same between two looks: when that was, and what is used, are of each look. */
const lasting = (list: NodeList): unknown => ({
  ...list,
  at: '',
  items: list.items.map((item) => ({ ...item, used: null })),
});

/** Metrics that are wrong until the answer is called. */
function withMetrics(fault: MetricsFault): () => void {
  here.sandbox.faults.metrics = fault;
  return () => void (here.sandbox.faults.metrics = {});
}

describe('nodes', () => {
  it('answers by its schema, in base units, with every figure that there is', async () => {
    const { code, stderr, document } = await json('nodes');
    expect({ code, stderr, errors: schemaErrors('node-list', document) }).toEqual({ code: 0, stderr: '', errors: [] });
    const { items, cluster } = document as NodeList;
    expect(cluster).toBe('sandbox-standard');
    expect(items.map(({ name, roles }) => [name, roles])).toEqual([
      ['par1-bootstrap', ['bootstrap', 'etcd', 'master']],
      ['par1-control-1', ['etcd', 'infra', 'master']],
      ['par1-control-2', ['etcd', 'infra', 'master']],
      ['par1-worker-1', ['node']],
      ['par1-worker-2', ['node']],
      ['par1-worker-3', ['node']],
    ]);
    for (const { allocatable, requested, free } of items) {
      expect(requested?.cpu).toBeGreaterThan(0.5);
      expect(requested?.cpu).toBeLessThan(100);
      expect(requested?.memory).toBeGreaterThan(100e6);
      expect((free?.cpu ?? NaN) + (requested?.cpu ?? NaN)).toBeCloseTo(allocatable.cpu ?? NaN, 9);
      expect((free?.pods ?? NaN) + (requested?.pods ?? NaN)).toBe(allocatable.pods);
    }
  });

  it('says the same as YAML and as JSON', async () => {
    const { stdout } = await cli('nodes -o yaml');
    expect(lasting(parse(stdout) as NodeList)).toEqual(lasting(await listOf('nodes')));
  });

  it('says the same of a node as the command node', async () => {
    const [item = { name: 'missing' }] = (await listOf('nodes par1-worker-1')).items;
    const { document } = await json('node par1-worker-1');
    expect({ ...(document as NodeDocument), used: null }).toMatchObject({ ...item, used: null });
  });

  it.each([
    ['nodes --role infra', ['par1-control-1', 'par1-control-2']],
    ['nodes -l node-role.kubernetes.io/node', ['par1-worker-1', 'par1-worker-2', 'par1-worker-3']],
    ['nodes -l !node-role.kubernetes.io/node --role bootstrap', ['par1-bootstrap']],
    ['nodes par1-worker-2 par1-bootstrap', ['par1-bootstrap', 'par1-worker-2']],
    ['nodes -l nothing=here', []],
  ])('%s', async (line, names) => expect(await namesOf(line)).toEqual(names));

  it('prints a line a node for people', async () => {
    const { code, stdout, stderr } = await cli('nodes');
    expect({ code, stderr, lines: stdout.split('\n').length }).toEqual({ code: 0, stderr: '', lines: 8 });
    expect(stdout).toMatch(/^par1-bootstrap +Ready +bootstrap,etcd,master +v1\.29\.8 .*bootstrap:NoSchedule$/m);
  });

  it('is what the console prints without a terminal', async () => {
    expect((await cli('--no-color')).stdout).toBe((await cli('nodes')).stdout);
  });

  it('prints the nodes that there are beside one that is not, and ends with 2', async () => {
    const { code, stdout, stderr } = await cli('nodes par1-worker-1 par1-worker-11 -o json');
    expect(code).toBe(2);
    expect((JSON.parse(stdout) as NodeList).items).toHaveLength(1);
    expect(stderr).toBe('There is no node "par1-worker-11"; did you mean "par1-worker-1"?\n');
  });

  it('asks for no pods when it is told to', async () => {
    const before = here.sandbox.requests.length;
    const { items } = await listOf('nodes --no-pods');
    expect(here.sandbox.requests.slice(before).filter(({ path }) => path.includes('/pods'))).toEqual([]);
    expect(items[0]).toMatchObject({ requested: null, requestedWhy: 'left out by --no-pods', pods: null });
  });

  it('tells what nodes use, as it was measured', async () => {
    for (const { used } of (await listOf('nodes')).items) {
      expect(used?.cpu).toBeGreaterThan(0);
      expect(used?.memory).toBeGreaterThan(100e6);
      expect(used?.ephemeralStorage).toBeNull();
    }
  });

  const metrics = { group: 'metrics.k8s.io', resource: 'nodes' };
  it.each([
    [
      'the right is missing',
      () => here.sandbox.deny(metrics),
      /^the right "list nodes of metrics\.k8s\.io" is missing$/,
    ],
    ['there is no metrics API', () => withMetrics({ service: 'absent' }), /^Cannot list nodes of metrics\.k8s\.io /],
    ['it does not answer', () => withMetrics({ service: 'unavailable' }), /^Cannot list nodes of metrics\.k8s\.io /],
  ])('is not the worse when %s: that is told, and the end is 0', async (_, break_, why) => {
    const mend = break_();
    try {
      const { code, stderr, document } = await json('nodes');
      expect({ code, stderr, errors: schemaErrors('node-list', document) }).toEqual({
        code: 0,
        stderr: '',
        errors: [],
      });
      const [item] = (document as NodeList).items;
      expect({ used: item?.used, known: item?.requested !== null }).toEqual({ used: null, known: true });
      expect(item?.usedWhy).toMatch(why);
      expect(await cli('nodes')).toMatchObject({ code: 0, stderr: '' });
      expect((await cli('nodes -o wide')).stderr).toMatch(/^What nodes use is not known: [^\n]+\.\n$/);
      const page = await cli('node par1-worker-1');
      expect({ code: page.code, stderr: page.stderr }).toEqual({ code: 0, stderr: '' });
      expect(page.stdout).toMatch(/What is used is not known: /);
    } finally {
      mend();
    }
  });

  it('names machines that are too small for their roles', async () => {
    const { nodes } = here.sandbox.world;
    const before = nodes.get('par1-bootstrap');
    if (before === undefined) throw new Error('the site has no bootstrap node');
    const capacity = { ...before.status.capacity, cpu: '2' };
    nodes.update('par1-bootstrap', (node) => ({ ...node, status: { ...node.status, capacity } }));
    try {
      const { code, stderr } = await cli('nodes');
      expect({ code, stderr }).toEqual({ code: 0, stderr: 'Undersized for their roles: par1-bootstrap.\n' });
      expect((await listOf('nodes par1-bootstrap')).items[0]?.demand).toMatchObject({ cpu: 2.2, met: 'no' });
      expect((await cli('node par1-bootstrap')).stdout).toMatch(
        /Size +undersized: needs 2\.2 cores and 4\.5 GB for bootstrap, master, etcd and what every node runs; .*; has 2 and /,
      );
    } finally {
      nodes.update('par1-bootstrap', (node) => ({ ...node, status: before.status }));
    }
  });

  it('tells which right is missing, gives the rest, and ends with 3', async () => {
    const allow = here.sandbox.deny({ verb: 'list', resource: 'pods' });
    try {
      const { code, stderr, document } = await json('nodes');
      expect(code).toBe(3);
      expect(stderr).toBe('What pods request and how many there are is not known: the right "list pods" is missing.\n');
      expect(schemaErrors('node-list', document)).toEqual([]);
      expect((document as NodeList).items[0]).toMatchObject({
        requested: null,
        free: null,
        requestedWhy: 'the right "list pods" is missing',
      });
    } finally {
      allow();
    }
  });
});

describe('node', () => {
  it('answers by its schema, the pods with the largest request first', async () => {
    const { code, document } = await json('node par1-control-1');
    expect({ code, errors: schemaErrors('node', document) }).toEqual({ code: 0, errors: [] });
    const { podList, requested, allocatable } = document as NodeDocument;
    const pods = (podList ?? []).filter(({ finished }) => !finished);
    const cpu = pods.map((pod) => pod.requested.cpu ?? NaN);
    const share = pods.map(({ requested: { cpu, memory } }) =>
      Math.max((cpu ?? NaN) / (allocatable.cpu ?? NaN), (memory ?? NaN) / (allocatable.memory ?? NaN)),
    );
    expect(share).toEqual(share.toSorted((one, other) => other - one));
    expect(cpu.reduce((sum, one) => sum + one, 0)).toBeCloseTo(requested?.cpu ?? NaN, 9);
  });

  it('reads the pods of that node alone', async () => {
    const before = here.sandbox.requests.length;
    await cli('node par1-worker-1');
    const asked = here.sandbox.requests.slice(before).filter(({ path }) => path.includes('/pods'));
    expect(asked.length).toBeGreaterThan(0);
    for (const { path } of asked) expect(decodeURIComponent(path)).toContain('spec.nodeName=par1-worker-1');
  });

  it('knows no other node', async () => {
    const { code, stdout, stderr } = await cli('node par1-bootsrap');
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'There is no node "par1-bootsrap"; did you mean "par1-bootstrap"?\n',
    });
  });
});

describe('what is wrong is told in one sentence', () => {
  const oneSentence = /^[^\n]+\.\n$/;

  it.each([
    ['--role infrastructure nodes', 2, /no role "infrastructure"/],
    ['nodes -l a=b=c', 2, /--selector/],
    ['node a,metadata.name!=b', 2, /node name "a,metadata\.name!=b" must be a DNS name/],
    ['nodes --timeout soon', 2, /--timeout soon is no time; write it as in 30s/],
    ['nodes --demo --replay x', 2, /--demo and --replay name two clusters/],
    ['nodes --scene standard', 2, /add --demo/],
    ['nodes --kubeconfig /nonexistent/kubeconfig', 2, /\/nonexistent\/kubeconfig/],
    ['nodes --context nowhere', 2, /nowhere/],
    ['nodes --replay /nonexistent/recording', 2, /\/nonexistent\/recording/],
    ['nodes --record /nonexistent/recording', 2, /\/nonexistent\/recording/],
    ['sandbox --scene standrad', 2, /did you mean "standard"/],
    ['sandbox --nodes many', 2, /--nodes many/],
    ['journal --since yesterday', 2, /--since yesterday/],
    ['journal --limit none', 2, /--limit none/],
  ])('%s', async (line, wanted, sentence) => {
    const { code, stdout, stderr } = await cli(line);
    expect({ code, stdout }).toEqual({ code: wanted, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^[^\n]+[.?]\n$/);
  });

  it('a broken kubeconfig', async () => {
    const path = join(here.folder, 'broken');
    await writeFile(path, 'clusters: [unclosed');
    const { code, stderr } = await cli(`nodes --kubeconfig ${path}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(oneSentence);
    expect(stderr).toContain(path);
  });

  it('a user without rights', async () => {
    const { code, stdout, stderr } = await cli('nodes', { user: 'nobody' });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(oneSentence);
  });

  it('a server that is not there', async () => {
    const path = join(here.folder, 'nobody-listens');
    const kubeconfig = await readFile(join(here.folder, 'admin'), 'utf8');
    await writeFile(path, kubeconfig.replace(/https:\/\/127\.0\.0\.1:\d+/, 'https://127.0.0.1:1'));
    const { code, stderr } = await cli(`nodes --kubeconfig ${path}`);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^Cannot list nodes at https:\/\/127\.0\.0\.1:1: [^\n]+\.\n$/);
  });

  it('a server that does not answer within the timeout', async () => {
    const calm = here.sandbox.faults.every(({ path }) => (path.startsWith('/api/v1/nodes') ? 'hang' : undefined));
    try {
      const { code, stdout, stderr } = await cli('nodes --timeout 300ms');
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toBe('No answer within 0.3 s; give more time with --timeout, as in --timeout 2m.\n');
    } finally {
      calm();
    }
  });

  it('an interruption', async () => {
    const interruption = new AbortController();
    const calm = here.sandbox.faults.every(({ path }) => {
      if (!path.startsWith('/api/v1/nodes')) return undefined;
      interruption.abort();
      return 'hang';
    });
    try {
      const { code, stdout, stderr } = await cli('nodes', { interrupted: interruption.signal });
      expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: '', stderr: 'Interrupted.\n' });
    } finally {
      calm();
    }
  });

  it('with the stack when it is asked for', async () => {
    const { stderr } = await cli('nodes --role nobody --verbose');
    expect(stderr).toMatch(/^There is no role "nobody"[^\n]+\n.*\n +at /);
  });
});

describe('a message with line breaks', () => {
  it.each(['', ' --verbose'])('cannot forge a line of its own: nodes%s', async (flag) => {
    const { stderr } = await cli(`nodes --context a\nforged\u001b[2J${flag}`);
    expect(stderr).toMatch(/^Context "a\\nforged\\x1b\[2J" is not in /);
    expect(stderr).not.toMatch(/^forged/m);
    expect(stderr).not.toContain('\u001b');
    expect(stderr).toMatch(flag === '' ? /^[^\n]+\n$/ : /^[^\n]+\n[^\n]*\\nforged[^\n]*\n +at /);
  });
});

describe('a recording', () => {
  it('shows the same nodes again without a cluster, and lets nothing be written', async () => {
    const path = join(here.folder, 'recording');
    const live = await listOf(`nodes --record ${path}`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const again = await json(`nodes --replay ${path}`, { environment: { KUBECONFIG: '/nonexistent' } });
    expect({ code: again.code, document: again.document }).toEqual({
      code: 0,
      document: { ...live, at: expect.any(String) as string },
    });
    const edit = await cli(`cordon par1-worker-1 --yes --replay ${path}`);
    expect(edit.code).toBe(1);
    expect(edit.stdout).toContain('Refused: Nothing can be written');
  });
});
