import type { SandboxClock } from '../../clock.ts';
import type { Etcd } from '../../world/etcd/etcd.ts';
import type { EtcdMember } from '../../world/etcd/member.ts';
import { TEXT_TYPE } from '../answers.ts';
import { metricsText } from './metrics-text.ts';
import { METRICS_TYPE } from './sample-lines.ts';

/** What a member answers on its port for metrics, which is plain HTTP (etcd: `--listen-metrics-urls`). */
export type MemberAnswer = { status: number; contentType: string; text: string; headers?: Record<string, string> };

export const METRICS_PORT = 2381;

const NO_SNIFF = { 'x-content-type-options': 'nosniff' };
const refused = (status: number, text: string): MemberAnswer => ({
  status,
  contentType: TEXT_TYPE,
  text,
  headers: NO_SNIFF,
});

/** Why a member calls itself ill, in its own words; empty when it is well. */
function illness(etcd: Etcd, query: URLSearchParams): string {
  if (etcd.alarms.length > 0 && !query.getAll('exclude').includes('NOSPACE')) return 'ALARM NOSPACE';
  if (etcd.leader === null && query.get('serializable') !== 'true') return 'RAFT NO LEADER';
  return '';
}

function health(etcd: Etcd, { process }: EtcdMember, query: URLSearchParams): MemberAnswer {
  const reason = illness(etcd, query);
  const text = JSON.stringify({ health: reason === '' ? 'true' : 'false', reason });
  if (reason === '') process.healthy += 1;
  else process.unhealthy += 1;
  return reason === '' ? { status: 200, contentType: TEXT_TYPE, text } : refused(503, text);
}

const patience = 50;

/** Resolves when a member can be asked: it reads nothing while it rewrites its file. */
export function whenReadable(member: EtcdMember, clock: SandboxClock): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (member.defragmenting) clock.after(patience, look);
      else resolve();
    };
    look();
  });
}

/** Answers a request on the port for metrics of a member that runs. */
export async function memberAnswer(
  etcd: Etcd,
  member: EtcdMember,
  { path, query }: { path: string; query: URLSearchParams },
  clock: SandboxClock,
): Promise<MemberAnswer> {
  if (path === '/metrics') {
    return { status: 200, contentType: METRICS_TYPE, text: metricsText(etcd, member, clock.now()) };
  }
  if (path !== '/health') return refused(404, '404 page not found\n');
  await whenReadable(member, clock);
  return health(etcd, member, query);
}
