import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../source/commands/commands.ts';
import { parse } from '../../source/commands/parse.ts';
import { sceneNames } from '../../source/sandbox/sandbox.ts';
import { sandboxed } from './sandboxed.ts';

// Leases go on being renewed: a verdict goes by them.
const { cli } = sandboxed({ heartbeats: true });
const file = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** Examples that answer at once; the sandbox runs until it is stopped, and undo needs something to undo. */
const answering = COMMANDS.filter(({ name }) => name !== 'sandbox' && name !== 'undo');

describe('the examples of the help', () => {
  it.each(answering.flatMap(({ examples }) => examples.map(({ line }) => line)))('%s', async (line) => {
    const { code, stderr } = await cli(`${line} --dry-run`);
    // These say something beside their answer.
    expect({ code, stderr: /^(journal|pending)/.test(line) ? '' : stderr }).toEqual({
      code: 0,
      stderr: '',
    });
  });
});

describe('the README', () => {
  const readme = file('README.md');
  const programLines = [...readme.matchAll(/^ {4,}npm start --silent -- (.+)$/gm)].map(([, line]) => line ?? '');
  const scripts = [...readme.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, script]) => script ?? '');

  const parsed = programLines.map((line) => ({ line, ...parse(line.split(' ')) }));

  it('shows command lines that are right, of scenes that there are', () => {
    expect(parsed.length).toBeGreaterThan(8);
    for (const { line, flags } of parsed) expect([undefined, ...sceneNames()], line).toContain(flags.scene);
  });

  // How a demo is started and ended is tested with the built program; here a cluster of that scene is asked.
  const asking = parsed
    .filter(({ command }) => answering.includes(command))
    .map(({ line, flags }) => ({ line, scene: flags.scene ?? 'standard' }));
  describe.each(sceneNames().filter((name) => asking.some(({ scene }) => scene === name)))('in %s', (scene) => {
    const inScene = sandboxed({ heartbeats: true, scene });

    it.each(asking.filter((shown) => shown.scene === scene))('$line has an answer, good or bad', async ({ line }) => {
      const { code, stdout, stderr } = await inScene.cli(`${line.replace(/ --demo\b| --scene \S+/g, '')} --dry-run`);
      expect([0, 1]).toContain(code);
      expect(stdout + stderr).not.toBe('');
    });
  });

  it('names npm scripts that there are', () => {
    const known = (JSON.parse(file('package.json')) as { scripts: Record<string, string> }).scripts;
    for (const script of scripts) expect(Object.keys(known)).toContain(script);
  });

  it('links to files that there are', () => {
    for (const [, path] of readme.matchAll(/\]\(([^)#:]+)\)/g)) expect(() => file(path ?? ''), path).not.toThrow();
  });
});
