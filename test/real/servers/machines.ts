// Machines for one test: a network namespace each, on a switch of their own, and this machine on that switch too. Namespaces live as
// long as a process in them, so the kernel takes everything away with the tests, however those end.
import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { startProcess, waitFor, type ServerProcess } from './process.ts';

export type Machine = {
  readonly name: string;
  /** Reached from this machine and from the other ones. */
  readonly address: string;
  /** What stands before a command that runs there. Loopback is the machine's own. */
  readonly enter: readonly string[];
  /** Without its cable a machine answers nobody, and nobody is told so. */
  setCable(plugged: boolean): void;
};

export type Machines = { readonly all: readonly Machine[]; stop(): Promise<void> };

/** Addresses of the range for tests that no seed gives away, in subnets of sixteen. */
const SUBNETS = 2_048;
const FIRST_SUBNET = 128;
const SUBNET_SIZE = 16;
/** Switch, this machine, then the others. */
const FIRST_HOST = 1;
const MOST_MACHINES = SUBNET_SIZE - FIRST_HOST - 2;

let networks = 0;

/** Runs side by side get different subnets, as long as their process ids are near each other. */
function nextSubnet(): (host: number) => string {
  const number = (process.pid * 8 + networks) % SUBNETS;
  const base = FIRST_SUBNET * 256 + number * SUBNET_SIZE;
  return (host) => `198.18.${(base + host) >> 8}.${(base + host) & 255}`;
}

const SWITCH = 'switch';
const BRIDGE = 'bridge';
const CARD = 'eth0';

const enterNetwork = (pid: number): readonly string[] => ['nsenter', `--net=/proc/${pid}/ns/net`, '--'];

/** @throws with what `ip` said */
function ip(enter: readonly string[], words: string): void {
  const [program = 'ip', ...rest] = [...enter, 'ip', ...words.split(' ')];
  execFileSync(program, rest, { stdio: 'pipe' });
}

/** A namespace, held by a process that does nothing. */
async function startNamespace(name: string): Promise<ServerProcess> {
  const holder = await startProcess(name, 'unshare', ['--net', '--', 'sleep', 'infinity']);
  const own = readlinkSync('/proc/self/ns/net');
  const entered = () => Promise.resolve(readlinkSync(`/proc/${holder.pid}/ns/net`) !== own);
  await waitFor(`the network of ${name}`, entered, { seconds: 10, server: holder });
  return holder;
}

/**
 * Starts machines that see each other and this one, and nothing else. Needs root.
 * @throws when a namespace or an interface cannot be made, with the kernel's reason; nothing stays behind
 */
export async function startMachines(names: readonly string[]): Promise<Machines> {
  if (names.length > MOST_MACHINES)
    throw new Error(`${names.length} machines are more than the ${MOST_MACHINES} that a switch takes.`);
  if (names.length === 0) return { all: [], stop: () => Promise.resolve() };
  networks += 1;
  const address = nextSubnet();
  const holders: ServerProcess[] = [];
  const stop = async () => {
    await Promise.all(holders.map((holder) => holder.stop()));
  };
  const hold = async (name: string) => {
    const holder = await startNamespace(name);
    holders.push(holder);
    return holder;
  };
  try {
    const atSwitch = await hold(SWITCH);
    const onSwitch = enterNetwork(atSwitch.pid);
    ip(onSwitch, `link add ${BRIDGE} type bridge`);
    ip(onSwitch, `link set ${BRIDGE} up`);

    const own = `real${process.pid}-${networks}`;
    ip([], `link add ${own} type veth peer name tests netns ${atSwitch.pid}`);
    ip(onSwitch, `link set tests master ${BRIDGE} up`);
    ip([], `address add ${address(FIRST_HOST)}/28 dev ${own}`);
    ip([], `link set ${own} up`);

    const all: Machine[] = [];
    for (const [index, name] of names.entries()) {
      const { pid } = await hold(name);
      const enter = enterNetwork(pid);
      const port = `port${index}`;
      const machine = address(FIRST_HOST + 1 + index);
      ip(onSwitch, `link add ${port} type veth peer name ${CARD} netns ${pid}`);
      ip(onSwitch, `link set ${port} master ${BRIDGE} up`);
      ip(enter, 'link set lo up');
      ip(enter, `address add ${machine}/28 dev ${CARD}`);
      ip(enter, `link set ${CARD} up`);
      const setCable = (plugged: boolean) => ip(onSwitch, `link set ${port} ${plugged ? 'up' : 'down'}`);
      all.push({ name, address: machine, enter, setCable });
    }
    return { all, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
