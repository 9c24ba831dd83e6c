import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { temporaryFolder } from '../session/boxed.ts';
import { walkRole } from '../terminal/role-walk.ts';
import { walkUntaint } from '../terminal/untaint-walk.ts';
import type { Given } from './cluster.ts';
import { editableOf } from './objects.ts';

const BOOTSTRAP = 'par1-bootstrap';
const WORKER = 'par1-worker-2';
const ROLE = 'node-role.kubernetes.io/';

/** Terminals in which the console is walked through. */
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
];

/** The built console in a real terminal. */
export function describeWalks(given: Given) {
  /** How the program is started as the operator of the cluster, with a home of its own. */
  const started = async () => {
    const folder = temporaryFolder();
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, await given().kubeconfig('operator'), { mode: 0o600 });
    return {
      args: ['--kubeconfig', kubeconfig],
      environment: { HOME: folder, XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: join(folder, 'config') },
    };
  };
  const taintsOf = async (node: string) => (await editableOf(given().api, node)).taints ?? [];

  test.each(SIZES)('untaint and undo by keys at $columns x $rows', async (size) => {
    await walkUntaint({
      ...(await started()),
      ...size,
      node: BOOTSTRAP,
      taints: async () => (await taintsOf(BOOTSTRAP)).map(({ key, effect }) => `${key}:${effect}`),
    });
  });

  test.each(SIZES)('a role changed by keys changes what is free for workloads, at $columns x $rows', async (size) => {
    const named = (keys: readonly string[]) =>
      keys.filter((key) => key.startsWith(ROLE)).map((key) => key.slice(ROLE.length));
    await walkRole({
      ...(await started()),
      ...size,
      node: WORKER,
      standing: async () => ({
        roles: named(Object.keys((await editableOf(given().api, WORKER)).labels ?? {})),
        taints: named((await taintsOf(WORKER)).map(({ key }) => key)),
      }),
    });
  });
}
