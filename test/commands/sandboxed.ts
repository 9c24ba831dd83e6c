import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startSandbox, type Sandbox, type SandboxOptions, type SandboxUser } from '../../source/sandbox/sandbox.ts';
import { runProgram, type Ended, type Given } from './program.ts';

/** A cluster in a box for one file of tests, and the command line with its kubeconfig. */
export type Sandboxed = {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** Runs a command line, split at spaces, as a user of the sandbox. */
  readonly cli: (line: string, given?: Given & { readonly user?: SandboxUser }) => Promise<Ended>;
  /** As `cli`, with `-o json`; the document is undefined when nothing came. */
  readonly json: (line: string, given?: Given) => Promise<Ended & { readonly document: unknown }>;
};

/** Starts the sandbox before the tests of a file and stops it after; each test begins with a journal of its own. */
export function sandboxed(
  options: Pick<SandboxOptions, 'scene' | 'nodes' | 'clock' | 'heartbeats' | 'happened'> = {},
): Sandboxed {
  let sandbox: Sandbox | undefined;
  let folder = '';
  let journal = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'metalk8s-commands-'));
    sandbox = await startSandbox({ heartbeats: false, ...options, churn: false });
    for (const user of ['admin', 'operator', 'reader', 'nobody'] as const)
      await writeFile(join(folder, user), sandbox.kubeconfig(user), { mode: 0o600 });
  });
  beforeEach(async () => {
    journal = await mkdtemp(join(folder, 'state-'));
  });
  afterAll(async () => {
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const cli: Sandboxed['cli'] = (line, { user = 'admin', environment, ...given } = {}) =>
    runProgram(line.split(' '), {
      ...given,
      environment: { KUBECONFIG: join(folder, user), XDG_STATE_HOME: journal, HOME: folder, ...environment },
    });
  return {
    get sandbox() {
      if (sandbox === undefined) throw new Error('the sandbox runs during tests only');
      return sandbox;
    },
    get folder() {
      return folder;
    },
    cli,
    json: async (line, given) => {
      const ended = await cli(`${line} -o json`, given);
      return { ...ended, document: ended.stdout === '' ? undefined : (JSON.parse(ended.stdout) as unknown) };
    },
  };
}
