import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../source/commands/commands.ts';
import { parse } from '../../source/commands/parse.ts';
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
    expect({ code, stderr: /^(journal|pending|control-plane)/.test(line) ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('the README', () => {
  const readme = file('README.md');
  const lines = [...readme.matchAll(/^ {4}\$? ?(.+)$/gm)].map(([, line]) => line ?? '');
  const programLines = lines.flatMap((line) => /^npm start --silent -- (.+)$/.exec(line)?.[1] ?? []);
  const scripts = [...readme.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, script]) => script ?? '');

  it('shows command lines that are right', () => {
    expect(programLines.length).toBeGreaterThan(8);
    for (const line of programLines) expect(() => parse(line.split(' ')), line).not.toThrow();
  });

  it('names npm scripts that there are', () => {
    const known = (JSON.parse(file('package.json')) as { scripts: Record<string, string> }).scripts;
    for (const script of scripts) expect(Object.keys(known)).toContain(script);
  });

  it('links to files that there are', () => {
    for (const [, path] of readme.matchAll(/\]\(([^)#:]+)\)/g)) expect(() => file(path ?? ''), path).not.toThrow();
  });
});
