import type { Etcd } from '../../world/etcd/etcd.ts';
import type { EtcdMember } from '../../world/etcd/member.ts';
import { FAMILIES } from './metric-families.ts';
import { sampleLines } from './sample-lines.ts';

/** All that a member measures, in the text format of Prometheus (exposition format 0.0.4). */
export function metricsText(etcd: Etcd, member: EtcdMember, now: number): string {
  etcd.settle();
  const scrape = { etcd, member, leads: etcd.leader === member, now };
  const families = FAMILIES.flatMap(([name, type, help, samples]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples(scrape).flatMap((sample) => sampleLines(name, sample)),
  ]);
  return `${families.join('\n')}\n`;
}
