import { expect, test } from 'vitest';
import type { ClusterEvent } from '../../../source/model/cluster-event.ts';
import { KEYS } from '../emulator.ts';
import { controlPlaneEvents, etcdEvents, troubledEtcd } from '../etcd-cluster.ts';
import { fullCluster } from '../full-cluster.ts';
import { openScreen } from '../open-screen.tsx';

const SIZES = [
  [80, 24],
  [120, 36],
  [200, 60],
] as const;

/** Screens reached by keys from the list of nodes, each with a text that shows that it is there. */
const SCREENS: readonly {
  readonly name: string;
  readonly keys: string;
  readonly shows: string;
  readonly events?: readonly ClusterEvent[];
}[] = [
  { name: 'nodes', keys: '', shows: 'sorted by' },
  { name: 'node', keys: KEYS.enter, shows: 'Conditions' },
  { name: 'node-pods', keys: `${KEYS.enter}${KEYS.tab}`, shows: 'app-2' },
  { name: 'taints', keys: 't', shows: 'Taints of bootstrap' },
  { name: 'labels', keys: 'l+', shows: 'KEY=VALUE' },
  { name: 'plan', keys: `ta${KEYS.enter}`, shows: 'kubectl' },
  { name: 'sort', keys: 's', shows: 'Sort the nodes by' },
  { name: 'help', keys: '?', shows: 'Keys of the list' },
  { name: 'roles', keys: 'ojj ', shows: 'will be given' },
  { name: 'headroom', keys: 'h', shows: 'By role', events: fullCluster(etcdEvents()) },
  { name: 'pending', keys: 'p', shows: 'nearest', events: fullCluster(etcdEvents()) },
  { name: 'loss', keys: `/worker-1${KEYS.enter}x`, shows: 'If worker-1 is lost', events: fullCluster(etcdEvents()) },
  { name: 'etcd', keys: 'e', shows: 'CAN LOSE', events: troubledEtcd() },
  { name: 'etcd-member', keys: `ejj${KEYS.enter}`, shows: 'backend commit', events: troubledEtcd() },
  { name: 'control-plane', keys: 'C', shows: 'Static pods', events: controlPlaneEvents() },
  { name: 'fits', keys: 'fcpu=0.5,replicas=2', shows: 'Where' },
];

const cases = SCREENS.flatMap((screen) => SIZES.map(([columns, rows]) => ({ ...screen, columns, rows })));

test.each(cases)('$name at $columns x $rows', async ({ name, keys, shows, columns, rows, events = etcdEvents() }) => {
  const screen = openScreen({ columns, rows, events });
  await screen.untilText('worker-3');
  for (const key of keys.match(/\u001b\[?.|[^\u001b]/gu) ?? []) screen.press(key);
  await screen.untilText(shows);
  await expect(`${screen.screen().join('\n')}\n`).toMatchFileSnapshot(`golden/${name}-${columns}x${rows}.txt`);
});
