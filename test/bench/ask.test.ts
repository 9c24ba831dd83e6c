import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { probeIn } from '../../bench/ask.ts';

/** What a program does that says when it runs, and waits. */
const WAITS = 'process.stdout.write("ready"); setInterval(() => undefined, 1000)';
const PATIENCE = 10_000;

it('asks a program as often as is wanted, and takes no answer for another', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ask-'));
  const probe = probeIn<{ readonly longest: number }>(folder, 'probe.ts');
  const program = spawn(process.execPath, ['-e', WAITS], { env: { ...process.env, ...probe.environment } });
  try {
    await once(program.stdout, 'data');
    const pid = program.pid ?? NaN;
    for (const asked of [1, 2]) {
      const answer = await probe.ask(pid, PATIENCE);
      expect(answer).toMatchObject({ asked });
      expect(answer.longest).toBeGreaterThanOrEqual(0);
    }
    const other = probeIn(folder, 'probe.ts');
    await expect(other.ask(pid, 100)).rejects.toThrow(`The probe in process ${pid} did not answer within 100 ms.`);
  } finally {
    program.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
