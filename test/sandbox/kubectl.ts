import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Sandbox, SandboxUser } from '../../source/sandbox/sandbox.ts';

export const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

/** How a run of kubectl ended. */
export type Run = { code: number; stdout: string; stderr: string };

/** The kubectl of this machine against a sandbox, with a home of its own: it writes there what it learns of a cluster. */
export class Kubectl {
  readonly #home: string;

  private constructor(home: string) {
    this.#home = home;
  }

  static async for(sandbox: Sandbox, user: SandboxUser = 'admin'): Promise<Kubectl> {
    const home = await mkdtemp(join(tmpdir(), 'sandbox-kubectl-'));
    await writeFile(join(home, 'kubeconfig'), sandbox.kubeconfig(user), { mode: 0o600 });
    return new Kubectl(home);
  }

  get #environment(): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], HOME: this.#home, KUBECONFIG: join(this.#home, 'kubeconfig') };
  }

  run(words: readonly string[], input = ''): Promise<Run> {
    return new Promise((resolve) => {
      const child = execFile(
        'kubectl',
        words,
        { env: this.#environment, maxBuffer: 2 ** 26 },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          resolve({ code, stdout, stderr });
        },
      );
      child.stdin?.end(input);
    });
  }

  /** What it prints when all goes well. Throws what it says when not. */
  async prints(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(words);
    if (code !== 0) throw new Error(`kubectl ${words.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  async json<T>(...words: string[]): Promise<T> {
    return JSON.parse(await this.prints(...words, '-o', 'json')) as T;
  }

  /** The lines of a run that goes on, until the loop over them is left. */
  async *follows(...words: string[]): AsyncGenerator<string> {
    const child = spawn('kubectl', words, { env: this.#environment, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      yield* createInterface(child.stdout);
    } finally {
      child.kill();
    }
  }

  remove(): Promise<void> {
    return rm(this.#home, { recursive: true });
  }
}
