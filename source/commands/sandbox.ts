import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { instant } from '../text/age.ts';
import { list } from '../text/words.ts';
import type { Call, Run } from './command.ts';
import { exitCode, UsageError } from './exit.ts';
import type { SandboxDocument } from './kinds/sandbox.ts';
import { checkOverwrites, removeKubeconfig, writeKubeconfig } from './kubeconfig-file.ts';
import { didYouMean } from './nearest.ts';
import { print } from './output.ts';
import { KUBECONFIG_LINE } from './sandbox-lines.ts';

function readCount(flag: 'nodes' | 'pods', text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,7}$/.test(text)) throw new UsageError(`--${flag} ${text} is no whole number up to 9999999.`);
  return Number(text);
}

function readScene<S extends string>(text: string | undefined, scenes: readonly S[]): S | undefined {
  if (text === undefined) return undefined;
  const scene = scenes.find((name) => name === text);
  if (scene !== undefined) return scene;
  throw new UsageError(`There is no scene "${text}"${didYouMean(text, scenes) ?? `; the scenes are ${list(scenes)}.`}`);
}

/** Resolves when it is time to stop: the operator says so, the time is over, or the program that started this is gone. */
function untilStopped({ flags, signal, surroundings: { stdin } }: Call): Promise<void> {
  return new Promise((stop) => {
    if (signal.aborted) stop();
    signal.addEventListener('abort', () => stop(), { once: true });
    if (!flags['stop-with-stdin']) return;
    for (const event of ['end', 'close', 'error']) stdin.once(event, () => stop());
    stdin.resume();
  });
}

export const sandbox: Run = async (call) => {
  const { flags, surroundings } = call;
  const counts = { nodes: readCount('nodes', flags.nodes), pods: readCount('pods', flags.pods) };
  const { startSandbox, sceneNames } = await import('../sandbox/sandbox.ts');
  const scene = readScene(flags.scene, sceneNames()) ?? 'standard';
  const path = resolve(flags.kubeconfig ?? join(await mkdtemp(join(tmpdir(), 'metalk8s-sandbox-')), 'kubeconfig'));
  if (flags.kubeconfig !== undefined) await checkOverwrites(path);
  const stopped = untilStopped(call);
  const running = await startSandbox({
    scene,
    happened: flags.happened === true,
    ...(counts.nodes !== undefined && { nodes: counts.nodes }),
    ...(counts.pods !== undefined && { pods: counts.pods }),
  });
  const kubeconfig = running.kubeconfig('admin');
  try {
    await writeKubeconfig(path, kubeconfig);
    await print(call, {
      document: (): SandboxDocument => ({
        apiVersion: 'console.metalk8s/v1',
        kind: 'Sandbox',
        cluster: `sandbox-${scene}`,
        at: instant(surroundings.now()),
        scene,
        kubeconfig: path,
        api: running.url,
      }),
      text: () => `api ${running.url}\n${KUBECONFIG_LINE}${path}\n`,
    });
    await stopped;
  } finally {
    await running.stop();
    await removeKubeconfig(path, kubeconfig);
    if (flags.kubeconfig === undefined) await rm(dirname(path), { recursive: true, force: true });
  }
  return exitCode('done');
};
