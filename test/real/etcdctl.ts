// etcdctl as the foreign judge, by the client port of each member. 64-bit numbers are read from its text: the judge rounds none.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Etcd } from './servers/etcd.ts';

const run = promisify(execFile);

/** What etcdctl says of one member. Ids in hex, as it prints them itself. */
export type JudgedMember = {
  readonly id: string;
  readonly name: string;
  readonly clientUrl: string;
  readonly isLearner: boolean;
  /** Null: it did not answer. */
  readonly status: {
    readonly version: string;
    readonly dbSize: string;
    readonly dbSizeInUse: string;
    readonly leader: string;
  } | null;
  readonly isHealthy: boolean;
};

export type Judged = {
  readonly cluster: string;
  readonly members: readonly JudgedMember[];
};

const LONGEST_ANSWER = 16 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

/**
 * Runs etcdctl against these endpoints, all members unless told. `input` is for commands that read a value.
 * @throws when it fails, with what it said
 */
export async function etcdctl(
  etcd: Etcd,
  words: readonly string[],
  endpoints = etcd.members,
  input = '',
): Promise<string> {
  const { authority, certificate, key } = etcd.files;
  const flags = [
    `--endpoints=${endpoints.map(({ clientUrl }) => clientUrl).join(',')}`,
    `--cacert=${authority}`,
    `--cert=${certificate}`,
    `--key=${key}`,
    '--command-timeout=3s',
  ];
  const running = run('etcdctl', [...flags, ...words], {
    env: { PATH: process.env['PATH'], ETCDCTL_API: '3' },
    maxBuffer: LONGEST_ANSWER,
  });
  // Most commands read nothing and may have ended before; how they ended is told below.
  running.child.stdin?.on('error', () => undefined).end(input);
  return (await running).stdout;
}

/**
 * Writes one key over and over, so that history fills the database, until etcd has no space for more.
 * @throws when it still takes more after `most` MiB
 */
export async function fill(etcd: Etcd, most: number): Promise<void> {
  const value = 'x'.repeat(MEBIBYTE);
  for (let written = 0; written < most; written += 1)
    try {
      await etcdctl(etcd, ['put', 'real-tier/filler'], etcd.members.slice(0, 1), value);
    } catch (error) {
      if (String(error).includes('database space exceeded')) return;
      throw error;
    }
  throw new Error(`etcd took ${most} MiB and has space for more.`);
}

/** A field of an answer of `-w json`, as its digits or letters stand there. */
function field(json: string, name: string): string {
  const value = new RegExp(`"${name}":"?([\\w.-]+)`).exec(json)?.[1];
  if (value === undefined) throw new Error(`etcdctl does not tell ${name}: ${json}`);
  return value;
}

const hex = (decimal: string): string => BigInt(decimal).toString(16);

/** The status of one member, or null when it does not answer. */
async function statusOf(etcd: Etcd, clientUrl: string) {
  const one = etcd.members.filter((member) => member.clientUrl === clientUrl);
  const json = await etcdctl(etcd, ['endpoint', 'status', '-w', 'json'], one).catch(() => null);
  if (json === null) return null;
  return {
    version: field(json, 'version'),
    dbSize: field(json, 'dbSize'),
    dbSizeInUse: field(json, 'dbSizeInUse'),
    leader: hex(field(json, 'leader')),
  };
}

/** Whether etcdctl finds a member healthy: it exits with an error when not. */
const isHealthy = (etcd: Etcd, clientUrl: string): Promise<boolean> =>
  etcdctl(
    etcd,
    ['endpoint', 'health'],
    etcd.members.filter((member) => member.clientUrl === clientUrl),
  ).then(
    () => true,
    () => false,
  );

/**
 * All that etcdctl says of the members now, by name, and nothing is written by asking. Needs a quorum.
 * @throws when etcdctl fails, with what it said
 */
export async function judge(etcd: Etcd): Promise<Judged> {
  const header = await etcdctl(etcd, ['member', 'list', '-w', 'json']);
  const lines = (await etcdctl(etcd, ['member', 'list'])).trim().split('\n');
  const members = await Promise.all(
    lines.map(async (line): Promise<JudgedMember> => {
      const [id = '', , name = '', , clientUrl = '', isLearner] = line.split(', ');
      const [status, healthy] = [await statusOf(etcd, clientUrl), await isHealthy(etcd, clientUrl)];
      return { id, name, clientUrl, isLearner: isLearner === 'true', status, isHealthy: healthy };
    }),
  );
  return {
    cluster: hex(field(header, 'cluster_id')),
    members: members.toSorted((one, other) => one.name.localeCompare(other.name, 'en')),
  };
}

/** The revision of the store, as the first member tells it. */
export async function revisionOf(etcd: Etcd): Promise<string> {
  return field(await etcdctl(etcd, ['endpoint', 'status', '-w', 'json'], etcd.members.slice(0, 1)), 'revision');
}

/** Alarms as "id KIND", sorted. To ask for them is a proposal: the index of raft is another afterwards. */
export async function alarmsOf(etcd: Etcd): Promise<string[]> {
  const told = (await etcdctl(etcd, ['alarm', 'list'])).matchAll(/^memberID:(\d+) alarm:(\w+)/gm);
  return Array.from(told, ([, id = '', kind = '']) => `${hex(id)} ${kind}`).toSorted();
}
