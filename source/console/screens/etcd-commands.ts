import type { EtcdRequest } from '../../operations/operation.ts';
import type { Command } from '../keys/key-table.ts';
import type { Outcome } from '../screen.ts';
import { planning } from '../view.ts';

const asked = (title: string, request: EtcdRequest): Outcome<never> => ({
  push: planning(title),
  requests: [{ type: 'plan-etcd', request }],
});

/** `member` is the id or name of the one that is looked at; null where all are. */
const ON_ETCD: Partial<Record<Command, (member: string | null) => Outcome<never>>> = {
  defragment: (member) => asked('Defragment etcd', { kind: 'defragment', members: member === null ? [] : [member] }),
  disarm: () => asked('Disarm the alarms of etcd', { kind: 'disarm' }),
  'move-leader': (member) => asked('Move the leader of etcd', { kind: 'move-leader', to: member }),
  backup: () => ({ push: planning('Back up'), requests: [{ type: 'plan-backup' }] }),
};

/** The plan that a command on etcd, or the backup, leads to; null for any other command. */
export const onEtcd = (command: Command, member: string | null = null): Outcome<never> | null =>
  ON_ETCD[command]?.(member) ?? null;
