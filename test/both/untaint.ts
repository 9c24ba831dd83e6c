import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { temporaryFolder } from '../session/boxed.ts';
import { walkUntaint } from '../terminal/untaint-walk.ts';
import type { Given } from './cluster.ts';
import { editableOf } from './objects.ts';

const NODE = 'par1-bootstrap';

/** The built console in a real terminal. */
export function describeUntaint(given: Given) {
  test.each([
    { columns: 80, rows: 24 },
    { columns: 200, rows: 60 },
  ])('untaint and undo by keys at $columns x $rows', async ({ columns, rows }) => {
    const folder = temporaryFolder();
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, await given().kubeconfig('operator'), { mode: 0o600 });
    await walkUntaint({
      args: ['--kubeconfig', kubeconfig],
      node: NODE,
      columns,
      rows,
      environment: { HOME: folder, XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: join(folder, 'config') },
      taints: async () =>
        ((await editableOf(given().api, NODE)).taints ?? []).map(({ key, effect }) => `${key}:${effect}`),
    });
  });
}
