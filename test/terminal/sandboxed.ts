import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { startSandbox, type SandboxOptions } from '../../source/sandbox/sandbox.ts';

/** A sandbox for a file of tests, its kubeconfig in a folder of its own, and an environment that reaches nothing else. */
export async function startBox(options: SandboxOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  const sandbox = await startSandbox(options);
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  afterAll(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    sandbox,
    kubeconfig,
    folder,
    environment: { HOME: folder, XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: join(folder, 'config') },
  };
}
