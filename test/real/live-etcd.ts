// A real control plane with what an operator has of it: a live session, and the application on a terminal.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { etcd as verdictOfEtcd } from '../../source/checks/verdict/etcd.ts';
import type { AreaVerdict, Verdict } from '../../source/checks/verdict/verdict.ts';
import type { EtcdDocument } from '../../source/commands/kinds/etcd.ts';
import { sightNow } from '../../source/commands/sight.ts';
import { openSession } from '../../source/session/open-session.ts';
import type { Session } from '../../source/session/session.ts';
import { valueOf } from '../../source/model/reading.ts';
import { etcdPicture, type EtcdPicture } from '../../source/state/etcd.ts';
import type { EtcdRow } from '../../source/state/etcd-rows.ts';
import { runProgram } from '../commands/program.ts';
import { showSession, type LiveScreen } from '../console/faults/live-screen.tsx';
import { skippingClock } from '../console/faults/skipping-clock.ts';
import { MASTERS, startMasters, type Masters } from './masters.ts';
import type { EtcdMember } from './servers/etcd.ts';
import { waitFor } from './servers/process.ts';

/** What an operator is promised: so long after it happened, seconds, the screen of etcd says so. */
export const NOTICED = 10;
/** So long a member takes to be back, and the picture with it. */
export const RECOVERED = 60;

/** Below the header, the verdict and a line. */
const TITLE_ROW = 3;

/** One session on the masters, with the screen of etcd shown. */
export type Watch = {
  readonly session: Session;
  readonly screen: LiveScreen;
  picture(): EtcdPicture;
  row(name: string): EtcdRow | undefined;
  verdict(): AreaVerdict;
  /** Waits until the live picture is as wanted, and gives it. */
  until(what: string, seconds: number, wanted: (picture: EtcdPicture) => boolean): Promise<EtcdPicture>;
  /** Waits until the verdict is this one, in a sentence that holds these words. */
  judgedAs(wanted: Verdict, words: string): Promise<void>;
  /** Waits until these words stand on the screen. */
  shows(words: string): Promise<void>;
  close(): Promise<void>;
};

export type LiveEtcd = {
  readonly masters: Masters;
  member(name: string): EtcdMember;
  watch(): Promise<Watch>;
  /** What the command `etcd` answers. */
  answered(): Promise<EtcdDocument>;
  /** Starts what has ended, and lets go on what is frozen. */
  revive(): Promise<void>;
  stop(): Promise<void>;
};

export const isWell = ({ quorum, alarms, members }: EtcdPicture): boolean =>
  quorum.state === 'known' &&
  quorum.value.healthy === MASTERS.length &&
  alarms.state === 'known' &&
  alarms.value.length === 0 &&
  members.every(({ dbSize }) => dbSize.state === 'known');

export const canLose = ({ quorum }: EtcdPicture): number | null =>
  quorum.state === 'known' ? quorum.value.canLose : null;

export const hasNoQuorum = ({ quorum }: EtcdPicture): boolean => quorum.state === 'known' && !quorum.value.isKept;

export const hasAlarm = ({ alarms }: EtcdPicture, kind: string): boolean =>
  valueOf(alarms)?.some((alarm) => alarm.kind === kind) === true;

/** How the members stand, for the message of a test that fails. */
function standing({ members, quorum, alarms }: EtcdPicture): string {
  const rows = members.map(({ name, health, healthFrom, figuresFrom }) => ({ name, health, healthFrom, figuresFrom }));
  return JSON.stringify({ quorum, alarms, rows }, null, 1);
}

/** Starts three masters whose members have so many bytes. */
export async function startLiveEtcd(quota: number): Promise<LiveEtcd> {
  const masters = await startMasters({ etcdFlags: [`--quota-backend-bytes=${quota}`] });
  const { members } = masters.cluster.etcd;
  const folder = await mkdtemp(join(tmpdir(), 'etcd-test-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, masters.kubeconfig, { mode: 0o600 });
  const environment = { KUBECONFIG: kubeconfig, HOME: folder, XDG_STATE_HOME: folder };
  const options = { kubeconfig, environment, version: '0.0.0', stateFolder: folder, localDoors: [] };
  return {
    masters,
    member(name) {
      const member = members.find((one) => one.name === name);
      if (member === undefined) throw new Error(`There is no member ${name}.`);
      return member;
    },
    watch: async () => watching(await openSession(options)),
    async answered() {
      const { stdout, stderr } = await runProgram(['etcd', '-o', 'json'], { environment });
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as EtcdDocument;
    },
    async revive() {
      for (const machine of masters.cluster.machines) machine.setCable(true);
      for (const member of members) {
        if (member.process().ending() === null) member.process().signal('SIGCONT');
        else await member.start();
      }
    },
    async stop() {
      await masters.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The screen of etcd; keys are heard once something is drawn. */
async function watching(session: Session): Promise<Watch> {
  const ends: (() => void | Promise<void>)[] = [];
  const screen = showSession((end) => ends.push(end), { session, clock: skippingClock() }, { columns: 160, rows: 40 });
  const shown = (words: string) => Promise.resolve(screen.text().includes(words));
  await waitFor('the first screen', () => shown('metalk8s'));
  screen.press('e');
  await waitFor('the screen of etcd', () => Promise.resolve(screen.screen()[TITLE_ROW]?.startsWith(' etcd ') === true));
  const picture = () => etcdPicture(session.store.state, session.now());
  const verdict = () => verdictOfEtcd(sightNow(session));
  const until: Watch['until'] = async (what, seconds, wanted) => {
    await waitFor(what, () => Promise.resolve(wanted(picture())), { seconds }).catch((error: unknown) => {
      const { status } = session.store.state.resources.nodes;
      throw new Error(`${String(error)}\nnodes: ${JSON.stringify(status)}\n${standing(picture())}`);
    });
    return picture();
  };
  return {
    session,
    screen,
    picture,
    row: (name) => picture().members.find((row) => row.name === name),
    verdict,
    until,
    judgedAs: async (wanted, words) => {
      const isSo = () => verdict().verdict === wanted && verdict().sentence.includes(words);
      await until(`the verdict ${wanted}: ${words}`, NOTICED, isSo).catch((error: unknown) => {
        throw new Error(`${verdict().verdict}: ${verdict().sentence}\n${String(error)}`);
      });
    },
    shows: async (words) => {
      await waitFor(`"${words}" on the screen`, () => shown(words), {
        seconds: NOTICED,
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${screen.screen().join('\n')}`);
      });
    },
    async close() {
      for (const end of ends.toReversed()) await end();
      await session.close();
    },
  };
}
