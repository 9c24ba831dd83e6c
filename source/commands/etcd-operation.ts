import type { EtcdRequest } from '../operations/operation.ts';
import { carryOut } from './carry-out.ts';
import { withSession } from './cluster.ts';
import type { Call, Run } from './command.ts';

/** Plans what is asked of etcd from what its members say now, has it confirmed and carries it out. */
const onEtcd = (call: Call, request: EtcdRequest): Promise<number> =>
  withSession(call, { resources: ['nodes'] }, async (session) =>
    carryOut(call, session, await session.planEtcd(request)),
  );

export const defragment: Run = (call) => onEtcd(call, { kind: 'defragment', members: call.arguments });
export const disarm: Run = (call) => onEtcd(call, { kind: 'disarm' });
export const moveLeader: Run = (call) => onEtcd(call, { kind: 'move-leader', to: call.arguments[0] ?? null });

export const backup: Run = (call) =>
  withSession(call, { resources: ['nodes', 'pods'] }, async (session) =>
    carryOut(call, session, await session.planBackup()),
  );
