import { openOnce, openSession, type OnceLoad } from '../session/open-session.ts';
import type { SessionOptions } from '../session/options.ts';
import type { Session } from '../session/session.ts';
import { whileAllowed } from './bound.ts';
import type { Call } from './command.ts';
import type { Demo } from './demo.ts';
import { UsageError } from './exit.ts';
import { say } from './output.ts';

/**
 * What a command needs of the cluster: something read once, or a picture that stays live. One answer alone is made from
 * that with `answers`: a recording is then read whole at once.
 */
export type Wants = OnceLoad | { readonly live: true; readonly answers?: true };

/** Throws a UsageError when the command line names two clusters. */
export function checkSource({ flags }: Call): void {
  const sources = (['demo', 'replay', 'kubeconfig'] as const).filter((name) => flags[name] !== undefined);
  const [one, other] = sources;
  if (other !== undefined) throw new UsageError(`--${one ?? ''} and --${other} name two clusters; give one of them.`);
  if (flags.scene !== undefined && !flags.demo)
    throw new UsageError('--scene says what a cluster in a box looks like; add --demo.');
}

const optionsOf = ({ flags, surroundings, signal }: Call, demo: Demo | null): SessionOptions => ({
  kubeconfig: demo?.kubeconfig ?? flags.kubeconfig,
  context: flags.context,
  as: flags.as,
  asGroups: flags['as-group'],
  readOnly: flags['read-only'],
  record: flags.record,
  environment: surroundings.environment,
  version: surroundings.version,
  interactive: surroundings.stdin.isTTY === true,
  signal,
  stateFolder: demo?.stateFolder,
});

async function open(call: Call, wants: Wants, demo: Demo | null): Promise<Session> {
  if (call.flags.replay !== undefined) {
    const { openReplay } = await import('../session/open-replay.ts');
    return openReplay(call.flags.replay, { speed: 'live' in wants && wants.answers !== true ? 1 : null });
  }
  const options = optionsOf(call, demo);
  return 'live' in wants ? openSession(options) : openOnce(options, wants);
}

/**
 * Opens the cluster that the command line names, lets `work` use it, and closes all again however that ends. Rejects
 * with the reason of the call's signal when that aborts first; a live picture is left to end by itself.
 */
export async function withSession(
  call: Call,
  wants: Wants,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  checkSource(call);
  const isShown = 'live' in wants && wants.answers !== true;
  // Nothing more happens to a cluster of which one answer is wanted.
  const demo = call.flags.demo ? await (await import('./demo.ts')).startDemo(call, !isShown) : null;
  try {
    const session = await whileAllowed(call.signal, open(call, wants, demo));
    try {
      if (isShown) return await work(session);
      const isRead = !('live' in wants) || call.flags.replay !== undefined;
      if (isRead) for (const notice of session.notices) await say(call, notice);
      return await whileAllowed(call.signal, work(session));
    } finally {
      await session.close();
    }
  } finally {
    await demo?.stop();
  }
}
