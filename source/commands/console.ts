import { flushCompileCache } from 'node:module';
import { withSession } from './cluster.ts';
import type { Run } from './command.ts';
import { boundGrowth, sizeYoungGenerations } from './memory.ts';
import { nodes } from './nodes.ts';

/** Of a console that is ended from outside nothing would be kept; by then all that a start needs is compiled, ms. */
const KEEP_COMPILED_AFTER = 5_000;

/** The full-screen console on a terminal; anywhere else the nodes, once. */
export const console: Run = async (call) => {
  const { flags, surroundings } = call;
  const { terminal, environment } = surroundings;
  if (terminal === null) return nodes(call);
  const colour = flags['no-color'] !== true;
  sizeYoungGenerations();
  return withSession(call, { live: true }, async (session) => {
    // What is asked of the cluster is on its way while the screen is loaded.
    const { openConsole } = await import('../console/open-console.tsx');
    const keeping = setTimeout(flushCompileCache, KEEP_COMPILED_AFTER).unref();
    // What comes from the cluster comes from a thread that has loaded everything.
    const stop = session.store.subscribe(() => {
      stop();
      boundGrowth();
    });
    try {
      return await openConsole({ session, ...terminal, environment, colour });
    } finally {
      stop();
      clearTimeout(keeping);
    }
  });
};
