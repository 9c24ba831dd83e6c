import { withSession } from './cluster.ts';
import type { Run } from './command.ts';
import { nodes } from './nodes.ts';

/** The full-screen console on a terminal; anywhere else the nodes, once. */
export const console: Run = async (call) => {
  const { flags, surroundings } = call;
  const { terminal, environment } = surroundings;
  if (terminal === null) return nodes(call);
  const { openConsole } = await import('../console/open-console.tsx');
  const colour = flags['no-color'] !== true;
  return withSession(call, { live: true }, (session) => openConsole({ session, ...terminal, environment, colour }));
};
