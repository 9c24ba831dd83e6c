import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { COMMANDS } from '../../source/commands/commands.ts';
import type { Command } from '../../source/commands/command.ts';
import { COMMON_FLAGS, flagOf, OUTPUTS, type FlagName } from '../../source/commands/flags.ts';
import { endedRecord, sendingRecord } from '../../source/operations/journal-records.ts';
import { openJournal } from '../../source/operations/journal.ts';
import { hostileText, OBEYED } from '../hostile-text.ts';
import { expectHarmless } from './hostile.ts';
import { runProgram, type Ended } from './program.ts';
import { sandboxed } from './sandboxed.ts';

const here = sandboxed();
const ALL_OBEYED = `x${OBEYED.join('')}`;
/** One sentence, whatever stands in it. */
const ONE_LINE = /^[^\n]+\n$/;

const environmentOf = (kubeconfig = join(here.folder, 'admin')) => ({
  KUBECONFIG: kubeconfig,
  XDG_STATE_HOME: join(here.folder, 'state'),
  HOME: here.folder,
});
const runOn = (argv: readonly string[], kubeconfig?: string): Promise<Ended> =>
  runProgram(argv, { environment: environmentOf(kubeconfig) });

/** Holds for hostile texts what `holds` expects of them; a few, and the one with all that terminals obey. */
const forHostileText = (numRuns: number, holds: (text: string) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(hostileText, holds), { numRuns, examples: [[ALL_OBEYED]] });

describe('words that are wrong are told in one sentence that does nothing', () => {
  /** Flags but for the one that writes a file by that name, and those with which a sandbox would run for good. */
  const flagsOf = ({ name, flags }: Command): readonly FlagName[] => [
    ...(name === 'sandbox'
      ? (['scene', 'output', 'timeout'] as const)
      : COMMON_FLAGS.filter((flag) => flag !== 'record')),
    ...flags,
  ];

  it.each(COMMANDS.map((command) => ({ command, name: command.name })))('$name', async ({ command }) => {
    const begin = [command.name, ...Array.from({ length: command.count.least }, () => 'par1-worker-1')];
    const lines = (text: string): readonly (readonly string[])[] => [
      [text],
      ...flagsOf(command)
        .filter((flag) => flagOf(flag).value !== undefined)
        .map((flag) => [...begin, `--${flag}`, text]),
      // Two arguments more than there may be, for those that take but a few.
      ...[text, `${text}-`, `${text}=${text}`, `${text}:${text}`, `+${text}`, `-${text}`, `--${text}`].map((word) => [
        ...begin,
        ...['x', 'x', word].slice(command.count.most > 9 ? 2 : 0),
      ]),
    ];
    await forHostileText(3, async (text) => {
      for (const line of lines(text)) {
        const ended = await runOn([...line, '--replay', '/nonexistent']);
        expectHarmless(ended);
        expect(ended.stderr).toMatch(ONE_LINE);
        // The journal is read without any cluster, and to have nothing of that is an answer.
        expect([ended.code > 0, ended.stdout]).toEqual([command.name !== 'journal' || ended.code > 0, '']);
      }
    });
  });

  it('with the stack in lines of its own', async () => {
    await forHostileText(5, async (text) => {
      const ended = await runOn(['nodes', '--role', text, '--verbose']);
      expectHarmless(ended);
      expect(ended.stderr.split('\n').slice(1, -1)).not.toContainEqual(expect.not.stringMatching(/^( +at |.*Error: )/));
    });
  });
});

describe('a kubeconfig whose author wishes us ill', () => {
  type Entry = { name: string; cluster: Record<string, string>; user: Record<string, unknown>; context: object };
  type Config = Record<'clusters' | 'users' | 'contexts', Entry[]> & { 'current-context': string };
  const hurt: readonly (readonly [string, (config: Config, text: string) => unknown])[] = [
    ['current-context', (config, text) => (config['current-context'] = text)],
    ['name of the context', ({ contexts }, text) => contexts.forEach((context) => (context.name = text))],
    [
      'cluster of the context',
      ({ contexts }, text) => contexts.forEach(({ context }) => Object.assign(context, { cluster: text })),
    ],
    [
      'user of the context',
      ({ contexts }, text) => contexts.forEach(({ context }) => Object.assign(context, { user: text })),
    ],
    ...['server', 'proxy-url', 'certificate-authority', 'certificate-authority-data'].map(
      (field): (typeof hurt)[number] => [
        `${field} of the cluster`,
        ({ clusters }, text) =>
          clusters.forEach((entry) => (entry.cluster = { server: entry.cluster['server'] ?? '', [field]: text })),
      ],
    ),
    ...['client-certificate', 'client-key-data', 'tokenFile', 'auth-provider'].map((field): (typeof hurt)[number] => [
      `${field} of the user`,
      ({ users }, text) =>
        users.forEach(
          (entry) => (entry.user = { [field]: field === 'auth-provider' ? { name: text, config: {} } : text }),
        ),
    ]),
    ['token of the user', ({ users }, text) => users.forEach((entry) => (entry.user = { token: `\u0001${text}` }))],
    [
      'plugin of the user',
      ({ users }, text) =>
        users.forEach(
          (entry) => (entry.user = { exec: { apiVersion: text, command: `/nonexistent/${text}`, installHint: text } }),
        ),
    ],
    [
      'words of a plugin',
      ({ users }, text) =>
        users.forEach(
          (entry) =>
            (entry.user = {
              exec: {
                apiVersion: 'client.authentication.k8s.io/v1',
                interactiveMode: 'Never',
                command: process.execPath,
                args: [
                  '-e',
                  'process.stderr.write(JSON.parse(process.argv[1])); process.exit(1)',
                  JSON.stringify(text),
                ],
              },
            }),
        ),
    ],
  ];

  it.each(hurt)('by its %s', async (_, change) => {
    await forHostileText(3, async (text) => {
      const config = parseYaml(readFileSync(join(here.folder, 'admin'), 'utf8')) as Config;
      change(config, text);
      const path = join(here.folder, 'hostile');
      writeFileSync(path, stringify(config));
      const ended = await runOn(['nodes', '--timeout', '10s'], path);
      expectHarmless(ended);
      expect(ended).toMatchObject({ stdout: '', stderr: expect.stringMatching(ONE_LINE) as string });
      expect(ended.code).toBeGreaterThan(0);
    });
  });

  it('by names that it may well have: answers are as they are', async () => {
    await forHostileText(3, async (text) => {
      const config = parseYaml(readFileSync(join(here.folder, 'admin'), 'utf8')) as Config;
      for (const entry of [...config.clusters, ...config.users, ...config.contexts]) entry.name = text;
      for (const { context } of config.contexts) Object.assign(context, { cluster: text, user: text, namespace: text });
      const path = join(here.folder, 'named');
      writeFileSync(path, stringify({ ...config, 'current-context': text }));
      for (const form of OUTPUTS) {
        const ended = await runOn(['nodes', '--no-pods', '-o', form], path);
        expectHarmless(ended);
        expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
        if (form === 'json') expect(JSON.parse(ended.stdout)).toMatchObject({ cluster: text });
        if (form === 'yaml') expect(parseYaml(ended.stdout)).toMatchObject({ cluster: text });
      }
    });
  });
});

describe('an answer of a server that wishes us ill', () => {
  /** Command lines, and which of their requests are refused. */
  const LINES: readonly (readonly [string, (method: string) => boolean])[] = [
    ['nodes', () => true],
    ['node par1-worker-1', () => true],
    ['label par1-worker-1 rack=b2 --dry-run', (method) => method === 'PATCH'],
  ];
  const status = (code: number, text: string): object => ({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: text,
    reason: text,
    code,
    details: { name: text, group: text, kind: text, causes: [{ reason: text, message: text, field: text }] },
  });
  const BODIES: readonly ((code: number, text: string) => string)[] = [
    (code, text) => JSON.stringify(status(code, text)),
    (code, text) =>
      JSON.stringify(status(code, `User "${text}" cannot ${text} resource "${text}" in API group "${text}"`)),
    (_, text) => text,
    (_, text) => `<html>${text}</html>`,
  ];

  it.each([400, 401, 403, 404, 409, 410, 422, 500, 502, 504])('%i', async (code) => {
    const anything = hostileText.map((text) => ALL_OBEYED + text);
    const holds = async (text: string): Promise<void> => {
      for (const body of BODIES)
        for (const [line, isRefused] of LINES) {
          const calm = here.sandbox.faults.every(({ method }) =>
            isRefused(method) ? { status: code, body: body(code, text) } : undefined,
          );
          try {
            expectHarmless(await runOn(line.split(' ')));
          } finally {
            calm();
          }
        }
    };
    await fc.assert(fc.asyncProperty(anything, holds), { numRuns: 1 });
  });
});

describe('a journal with text of somebody else', () => {
  it('is shown in lines of its own, to programs as it is, and taken back harmlessly', async () => {
    await forHostileText(5, async (text) => {
      const folder = join(here.folder, 'state', 'metalk8s-console');
      const journal = openJournal(folder);
      const before = journal.trail().length;
      const id = `${text}${String(before)}`;
      const changes = [{ field: 'label', key: 'rack', before: text, after: text }] as const;
      const step = { task: 'edit', node: text, uid: text, changes, patch: [], dryRun: { state: 'accepted' } } as const;
      journal.append(
        sendingRecord({ id, name: 'label', undoes: null }, step, {
          at: Date.now(),
          who: text,
          context: text,
          command: text,
        }),
      );
      journal.append(endedRecord(id, Date.now(), { task: 'edit', node: text, state: 'failed', why: text }));
      for (const form of OUTPUTS) {
        const ended = await runOn(['journal', '-o', form, '--context', text]);
        expectHarmless(ended);
        expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
        const wanted = { items: [{ id, who: text, context: text, object: text, command: text, why: text }] };
        if (form === 'json') expect(JSON.parse(ended.stdout)).toMatchObject(wanted);
        else if (form === 'yaml') expect(parseYaml(ended.stdout)).toMatchObject(wanted);
        else expect(ended.stdout.split('\n')).toHaveLength(3);
      }
      for (const words of [['undo'], ['undo', id], ['undo', text]])
        expectHarmless(await runOn([...words, '--dry-run']));
    });
  });
});
