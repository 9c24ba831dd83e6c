import { expect, test } from 'vitest';
import { keysOf } from '../../../source/console/keys/key-table.ts';
import { SCOPES, type Scope } from '../../../source/console/keys/scopes.ts';

const TITLES: Readonly<Record<Scope, string>> = {
  nodes: 'The list of nodes',
  node: 'The page of a node',
  group: 'The choice of groups',
  sort: 'The choice of an order',
  filter: 'Typing a filter',
  labels: 'The form for labels',
  taints: 'The form for taints',
  roles: 'The form for roles',
  pending: 'The pending pods',
  'pending-pod': 'The page of a pending pod',
  headroom: 'The headroom',
  loss: 'What a loss would cost',
  fits: 'What would fit',
  etcd: 'The members of etcd',
  'etcd-member': 'The page of a member of etcd',
  'control-plane': 'The control plane',
  scenes: 'Scenes of a demo',
  input: 'Typing into a form',
  plan: 'A preview',
  confirm: 'A preview that asks for a name',
  answer: 'A plan that cannot be sent, or is done with',
  running: 'An operation on its way',
  help: 'The help',
};

/** docs/keys.md, made from the key table. */
function keysDocument(): string {
  const sections = SCOPES.map((scope) => {
    const rows = keysOf(scope, true).map(
      ({ keys, help, writes }) =>
        `| ${keys.map((key) => `\`${key}\``).join(' ')} | ${help}${writes === true ? ' (not when read-only)' : ''} |`,
    );
    return [`## ${TITLES[scope]}`, '', '| keys | |', '| --- | --- |', ...rows].join('\n');
  });
  return [
    '# Keys',
    'Made from the key table of the console: `npm test -- test/console/keys -u` writes it anew. `?` shows the keys of the screen\nyou are on.',
    ...sections,
    '',
  ].join('\n\n');
}

test('docs/keys.md is what the table says', async () => {
  await expect(`${keysDocument().trimEnd()}\n`).toMatchFileSnapshot('../../../docs/keys.md');
});
