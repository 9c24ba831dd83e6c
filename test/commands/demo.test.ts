import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { runProgram } from './program.ts';

it('a cluster in a box that cannot be started is told, and leaves nothing behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'no-demo-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const ended = await runProgram(['nodes', '--demo'], { program: [join(folder, 'no-such-program')] });
  expect({ ...ended, left: readdirSync(folder) }).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^The cluster in a box could not start: [^\n]*ENOENT[^\n]*\.\n$/) as string,
    left: [],
  });
});

it('shows one answer of a scene what that brings only after a while', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'told-demo-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\necho "$@" >&2\n');
  chmodSync(program, 0o755);
  const { stderr } = await runProgram(['health', '--demo', '--scene', 'etcd-no-quorum'], { program: [program] });
  expect(stderr).toMatch(/^sandbox .* --scene etcd-no-quorum --happened\n$/);
});
