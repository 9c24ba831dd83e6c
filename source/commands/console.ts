import { withSession } from './cluster.ts';
import type { Run } from './command.ts';
import { nodes } from './nodes.ts';

const isTerminal = <T extends NodeJS.ReadStream | NodeJS.WriteStream>(stream: object): stream is T =>
  'isTTY' in stream && stream.isTTY === true;

/** The full-screen console on a terminal; anywhere else the nodes, once. */
export const console: Run = async (call) => {
  const { flags, surroundings } = call;
  const { stdin, stdout, stderr, environment } = surroundings;
  if (!isTerminal<NodeJS.ReadStream>(stdin) || !isTerminal<NodeJS.WriteStream>(stdout)) return nodes(call);
  const { openConsole } = await import('../console/open-console.tsx');
  return withSession(call, { live: true }, (session) =>
    openConsole({
      session,
      stdin,
      stdout,
      // The terminal's own error stream, of which nothing but writing is used.
      stderr: stderr as NodeJS.WriteStream,
      environment,
      colour: flags['no-color'] !== true,
      verbose: flags.verbose === true,
    }),
  );
};
