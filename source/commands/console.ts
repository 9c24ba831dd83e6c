import { flushCompileCache } from 'node:module';
import { withSession } from './cluster.ts';
import type { Scenes } from '../console/scenes.ts';
import type { Call, Run } from './command.ts';
import { boundGrowth, sizeYoungGenerations } from './memory.ts';
import { nodes } from './nodes.ts';

/** Of a console that is ended from outside nothing would be kept; by then all that a start needs is compiled, ms. */
const KEEP_COMPILED_AFTER = 5_000;

/** The full-screen console on a terminal; anywhere else the nodes, once. Of a demo, one scene after the other. */
export const console: Run = async (call) => {
  const { terminal } = call.surroundings;
  if (terminal === null) return nodes(call);
  sizeYoungGenerations();
  let shown = call;
  for (;;) {
    const { code, scene } = await show(shown, terminal);
    if (scene === null) return code;
    shown = { ...shown, flags: { ...shown.flags, scene } };
  }
};

/** Shows a cluster until the operator leaves it: for good, or for another scene of the demo. */
async function show(
  call: Call,
  terminal: NonNullable<Call['surroundings']['terminal']>,
): Promise<{ readonly code: number; readonly scene: string | null }> {
  const { flags, surroundings } = call;
  const { environment } = surroundings;
  const colour = flags['no-color'] !== true;
  let scene: string | null = null;
  const code = await withSession(call, { live: true }, async (session) => {
    // What is asked of the cluster is on its way while the screen is loaded.
    const { openConsole } = await import('../console/open-console.tsx');
    const keeping = setTimeout(flushCompileCache, KEEP_COMPILED_AFTER).unref();
    // What comes from the cluster comes from a thread that has loaded everything.
    const stop = session.store.subscribe(() => {
      stop();
      boundGrowth();
    });
    const scenes = flags.demo === true ? { shown: await scenesOf(flags.scene), choose } : undefined;
    try {
      return await openConsole({ session, ...terminal, environment, colour, ...(scenes && { scenes }) });
    } finally {
      stop();
      clearTimeout(keeping);
    }
  });
  return { code, scene };

  function choose(name: string): void {
    scene = name;
  }
}

/** What the cluster in a box can look like; only the table of scenes is loaded, the cluster runs elsewhere. */
async function scenesOf(current = 'standard'): Promise<Scenes> {
  const { SCENES } = await import('../sandbox/scenes.ts');
  return { current, all: Object.entries(SCENES).map(([name, { told }]) => ({ name, told })) };
}
