import { parseArgs } from 'node:util';
import type { SandboxClock } from '../../clock.ts';
import type { Etcd } from '../../world/etcd/etcd.ts';
import type { EtcdMember } from '../../world/etcd/member.ts';
import type { Ran } from '../exec-channels.ts';
import { print, type Printed } from './etcdctl-output.ts';
import { whenReadable } from './member-http.ts';

/** Exit codes of etcdctl (etcd: `cobrautl`). */
const FAILED = 1;
const BAD_ARGUMENTS = 128;

/** Certificates with their keys that every node with a member has, and the authority (MetalK8s: "etcd", certificates). */
const FOLDER = '/etc/kubernetes/pki/etcd/';
const FILES: ReadonlySet<string> = new Set(
  ['ca.crt', ...['server', 'peer', 'healthcheck-client'].flatMap((name) => [`${name}.crt`, `${name}.key`])].map(
    (name) => FOLDER + name,
  ),
);

const TLS = ['cacert', 'cert', 'key'] as const;

const OPTIONS = {
  endpoints: { type: 'string', multiple: true },
  cacert: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  'write-out': { type: 'string', short: 'w' },
  'command-timeout': { type: 'string' },
  'dial-timeout': { type: 'string' },
  cluster: { type: 'boolean' },
  physical: { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** What a command works with: who is asked, and how the answer is to be written. */
type Asked = {
  readonly etcd: Etcd;
  readonly clock: SandboxClock;
  readonly endpoints: readonly string[];
  readonly flags: Flags;
  readonly operands: readonly string[];
  /** The member in whose container the command runs. */
  readonly here: EtcdMember;
  /** Milliseconds for one call. */
  readonly patience: number;
};

/** Ends a command: the sentence goes to its standard error. */
class Failure extends Error {
  readonly code: number;
  constructor(message: string, code = FAILED) {
    super(message);
    this.code = code;
  }
}

const LATE = 'context deadline exceeded';

const wait = (clock: SandboxClock, milliseconds: number): Promise<void> =>
  new Promise((resolve) => void clock.after(milliseconds, resolve));

/** Seconds as Go reads and writes them, in milliseconds. */
function duration(text: string | undefined, usual: number): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text ?? '') ?? [];
  if (text === undefined) return usual;
  if (amount === undefined)
    throw new Failure(
      `invalid argument ${JSON.stringify(text)} for "--command-timeout" flag: time: invalid duration ${JSON.stringify(text)}`,
    );
  return Number(amount) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000);
}

/** The member behind an endpoint that answers a client with these files, after what it has to do; null when none does. */
async function reached({ etcd, clock, here, patience, flags }: Asked, endpoint: string): Promise<EtcdMember | null> {
  const host = /^https:\/\/([^:/]+):2379$/.exec(endpoint)?.[1];
  const member =
    host === '127.0.0.1' || host === 'localhost' ? here : etcd.members.find(({ address }) => address === host);
  const known = TLS.every((file) => flags[file] !== undefined);
  if (!member || !known || !etcd.isRunning(member)) {
    await wait(clock, patience);
    return null;
  }
  await whenReadable(member, clock);
  return etcd.isRunning(member) ? member : null;
}

/** The first member that answers. What it is asked for needs a quorum, where it says so. */
async function first(asked: Asked, agreed: boolean): Promise<EtcdMember> {
  const { etcd, clock, endpoints, patience } = asked;
  const members = await Promise.all(endpoints.map((endpoint) => reached(asked, endpoint)));
  const member = members.find((each) => each !== null);
  if (!member) throw new Failure(LATE);
  if (agreed && !etcd.hasQuorum) {
    await wait(clock, patience);
    throw new Failure(LATE);
  }
  etcd.settle();
  return member;
}

/** The endpoints of a command that can be sent to all members. */
async function targets(asked: Asked): Promise<readonly string[]> {
  if (!asked.flags.cluster) return asked.endpoints;
  try {
    await first(asked, true);
  } catch (error) {
    throw new Failure(
      `failed to fetch endpoints from etcd cluster member list: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return asked.etcd.members.map(({ clientUrl }) => clientUrl);
}

type Command = (asked: Asked) => Promise<Printed & { code?: number; stderr?: string }>;

async function memberList(asked: Asked): Promise<Printed> {
  return print.members(asked.etcd, await first(asked, true));
}

const endpointStatus: Command = async (asked) => {
  const statuses: [endpoint: string, member: EtcdMember][] = [];
  const stderr: string[] = [];
  for (const endpoint of await targets(asked)) {
    const member = await reached(asked, endpoint);
    if (member) statuses.push([endpoint, member]);
    else stderr.push(`Failed to get the status of endpoint ${endpoint} (${LATE})\n`);
  }
  asked.etcd.settle();
  return {
    ...print.statuses(asked.etcd, statuses),
    ...(stderr.length === 0 ? {} : { code: FAILED, stderr: stderr.join('') }),
  };
};

const endpointHealth: Command = async (asked) => {
  const { etcd, clock, patience } = asked;
  const examined = (await targets(asked)).map(async (endpoint) => {
    const begun = clock.now();
    const member = await reached(asked, endpoint);
    const late = member !== null && etcd.leader === null;
    if (late) await wait(clock, patience);
    const alarms = etcd.alarms.length > 0 ? 'Active Alarm(s): NOSPACE ' : '';
    return { endpoint, took: Math.max(2, clock.now() - begun), error: member && !late ? alarms : LATE };
  });
  const healths = await Promise.all(examined);
  const ill = healths.some(({ error }) => error !== '');
  return { ...print.healths(healths), ...(ill ? { code: FAILED, stderr: 'Error: unhealthy cluster\n' } : {}) };
};

const alarmList: Command = async (asked) => print.alarms(asked.etcd, await first(asked, true), asked.etcd.alarms);

const alarmDisarm: Command = async (asked) => {
  await first(asked, true);
  return print.disarmed(asked.etcd.disarm());
};

const compact: Command = async (asked) => {
  const [text] = asked.operands;
  if (asked.operands.length !== 1 || text === undefined) {
    throw new Failure('compaction command needs 1 argument', BAD_ARGUMENTS);
  }
  if (!/^-?\d+$/.test(text)) throw new Failure(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  await first(asked, true);
  const refused = asked.etcd.compact(Number(text));
  if (refused !== null) throw new Failure(refused);
  return { text: `compacted revision ${text}\n`, json: null };
};

const defragment: Command = async (asked) => {
  const stdout: string[] = [];
  const stderr: string[] = [];
  for (const endpoint of await targets(asked)) {
    const member = await reached(asked, endpoint);
    if (member) {
      await new Promise<void>((resolve) => asked.etcd.defragment(member, resolve));
      stdout.push(`Finished defragmenting etcd member[${endpoint}]\n`);
    } else stderr.push(`Failed to defragment etcd member[${endpoint}] (${LATE})\n`);
  }
  return {
    text: stdout.join(''),
    json: null,
    ...(stderr.length === 0 ? {} : { code: FAILED, stderr: stderr.join('') }),
  };
};

const moveLeader: Command = async (asked) => {
  const { etcd, endpoints, operands } = asked;
  const [target] = operands;
  if (operands.length !== 1 || target === undefined) {
    throw new Failure('move-leader command needs 1 argument', BAD_ARGUMENTS);
  }
  if (!/^[0-9a-f]{1,16}$/i.test(target)) {
    throw new Failure(`strconv.ParseUint: parsing ${JSON.stringify(target)}: invalid syntax`, BAD_ARGUMENTS);
  }
  const members = await Promise.all(endpoints.map((endpoint) => reached(asked, endpoint)));
  if (members.some((member) => member === null)) throw new Failure(LATE);
  const { leader } = etcd;
  if (!leader || !members.includes(leader)) {
    throw new Failure(`no leader endpoint given at [${endpoints.join(' ')}]`, BAD_ARGUMENTS);
  }
  const refused = etcd.moveLeader(BigInt(`0x${target}`));
  if (refused !== null) throw new Failure(refused);
  return { text: `Leadership transferred from ${leader.hex} to ${BigInt(`0x${target}`).toString(16)}\n`, json: '{}\n' };
};

/** What of etcdctl is here, by its words. */
const COMMANDS: Readonly<Record<string, Command>> = {
  'member list': memberList,
  'endpoint status': endpointStatus,
  'endpoint health': endpointHealth,
  'alarm list': alarmList,
  'alarm disarm': alarmDisarm,
  compact,
  compaction: compact,
  defrag: defragment,
  'move-leader': moveLeader,
  version: () => Promise.resolve(print.version()),
};

function commandOf(words: readonly string[]): { run: Command; operands: readonly string[] } {
  for (const length of [2, 1]) {
    const run = COMMANDS[words.slice(0, length).join(' ')];
    if (run && words.length >= length) return { run, operands: words.slice(length) };
  }
  throw new Failure(`unknown command ${JSON.stringify(words[0] ?? '')} for "etcdctl"\nRun 'etcdctl --help' for usage.`);
}

function read(arguments_: readonly string[]): { flags: Flags; words: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...arguments_], options: OPTIONS, allowPositionals: true });
    return { flags: values, words: positionals };
  } catch (error) {
    const [unknown = ''] = /--?[\w-]+/.exec(error instanceof Error ? error.message : '') ?? [];
    throw new Failure(`unknown flag: ${unknown}`);
  }
}

async function run(etcd: Etcd, here: EtcdMember, arguments_: readonly string[], clock: SandboxClock): Promise<Ran> {
  const { flags, words } = read(arguments_);
  const { run: command, operands } = commandOf(words);
  const lost = TLS.map((file) => flags[file]).find((file) => file !== undefined && !FILES.has(file));
  if (lost !== undefined) throw new Failure(`open ${lost}: no such file or directory`);
  const endpoints = (flags.endpoints ?? ['127.0.0.1:2379']).flatMap((each) => each.split(','));
  const patience = duration(flags['command-timeout'], 5000);
  const form = flags['write-out'] ?? 'simple';
  if (form !== 'simple' && form !== 'json') throw new Failure('unsupported output format');
  const {
    text,
    json,
    stderr = '',
    code = 0,
  } = await command({ etcd, clock, endpoints, flags, operands, here, patience });
  return { stdout: form === 'json' && json !== null ? json : text, stderr, code };
}

/** Runs etcdctl 3.5 in the container of a member: its output, and its exit code. */
export async function etcdctl(
  etcd: Etcd,
  here: EtcdMember,
  arguments_: readonly string[],
  clock: SandboxClock,
): Promise<Ran> {
  try {
    return await run(etcd, here, arguments_, clock);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { stdout: '', stderr: `Error: ${error.message}\n`, code: error.code };
  }
}
