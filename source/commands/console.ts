import { withSession } from './cluster.ts';
import type { Run } from './command.ts';
import { nodes } from './nodes.ts';

/** The full-screen console on a terminal; anywhere else the nodes, once. */
export const console: Run = async (call) => {
  const { stdin, stdout, environment } = call.surroundings;
  if (stdin.isTTY !== true || stdout.isTTY !== true) return nodes(call);
  const { openConsole } = await import('../console/open-console.tsx');
  return withSession(call, { live: true }, (session) => openConsole({ session, stdin, stdout, environment }));
};
