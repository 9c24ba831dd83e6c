import { test } from 'vitest';
import { startBox } from './sandboxed.ts';
import { walkUntaint } from './untaint-walk.ts';

const box = await startBox();
const NODE = 'par1-bootstrap';

test.each([
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
])('untaint and undo by keys at $columns x $rows', async ({ columns, rows }) => {
  await walkUntaint({
    args: ['--kubeconfig', box.kubeconfig],
    node: NODE,
    columns,
    rows,
    environment: box.environment,
    taints: () => Promise.resolve(taintsOf(NODE)),
  });
});

/** The taints as the sandbox holds them, past the console. */
const taintsOf = (name: string): readonly string[] =>
  (box.sandbox.world.nodes.get(name)?.spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
