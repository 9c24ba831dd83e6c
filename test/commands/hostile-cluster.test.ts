import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { COMMANDS } from '../../source/commands/commands.ts';
import { OUTPUTS } from '../../source/commands/flags.ts';
import { hostileCluster } from '../console/hostile-cluster.ts';
import { NOON } from '../console/made-cluster.ts';
import { hostileText, OBEYED } from '../hostile-text.ts';
import { brokenTables, expectHarmless, shapeOf } from './hostile.ts';
import { runProgram, type Ended } from './program.ts';

/** A text that is as strange to a cluster and harms nothing. */
const HARMLESS = 'xharmless';
const folder = mkdtempSync(join(tmpdir(), 'metalk8s-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Those that read no cluster, or something else first: what is done to etcd is planned from what it says at the moment. */
const OTHERS: readonly string[] = [
  'sandbox',
  'journal',
  'undo',
  'etcd defragment',
  'etcd disarm',
  'etcd move-leader',
  'backup',
];
const LINES = COMMANDS.filter(({ name }) => !OTHERS.includes(name)).flatMap(({ examples }) =>
  examples.map(({ line }) => line.replace(/ -o \S+/, '')),
);
const NAMED = [...new Set(LINES.flatMap((line) => line.match(/par1-\S+/g) ?? []))];

/** Runs a command line on a recording of a cluster that is full of the text. */
function onCluster(text: string) {
  const recording = join(folder, 'recording');
  const header = { format: 'metalk8s-console recording', version: 1, at: NOON };
  const lines = [header, ...hostileCluster(text, NAMED)].map((value) => JSON.stringify(value));
  writeFileSync(recording, `${lines.join('\n')}\n`);
  return (line: string, form: string): Promise<Ended> =>
    runProgram([...line.split(' '), '-o', form, '--replay', recording, '--dry-run']);
}

/** A document but for the id of a plan, which is drawn by lot. */
const withoutId = (key: unknown, value: unknown): unknown => (key === 'id' ? undefined : value);

/** The value with a text in place of another, in names of fields too. */
function written(value: unknown, text: string): unknown {
  if (typeof value === 'string') return value.replaceAll(HARMLESS, () => text);
  if (Array.isArray(value)) return value.map((each) => written(each, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [written(key, text), written(each, text)]));
}

test('what is judged are tables: the columns of a node do not stand if one is moved', async () => {
  const { stdout } = await onCluster(HARMLESS)('node par1-bootstrap', 'text');
  expect(brokenTables(stdout)).toEqual([]);
  expect(brokenTables(stdout.replace(/(TYPE +STATUS.*\n +)(.{9})/, '$1$2moved to the right '))).not.toEqual([]);
});

test.each(LINES)('text from a cluster reaches whoever asks as it is, and a terminal harmlessly: %s', async (line) => {
  const plain = new Map<string, Ended>();
  for (const form of OUTPUTS) plain.set(form, await onCluster(HARMLESS)(line, form));
  const sayings = [...plain.values()].map(({ stdout, stderr }) => stdout + stderr).join('');
  expect(sayings).toContain(HARMLESS);
  await fc.assert(
    fc.asyncProperty(hostileText, async (text) => {
      const run = onCluster(text);
      const documents: unknown[] = [];
      for (const form of OUTPUTS) {
        const ended = await run(line, form);
        expectHarmless(ended);
        const wanted = plain.get(form);
        expect(shapeOf(ended)).toEqual(wanted && shapeOf(wanted));
        if (form === 'json' && ended.stdout !== '') documents.push(JSON.parse(ended.stdout, withoutId));
        if (form === 'yaml' && ended.stdout !== '') documents.push(parseYaml(ended.stdout, withoutId));
      }
      const wanted = plain.get('json')?.stdout ?? '';
      for (const document of documents) expect(document).toEqual(written(JSON.parse(wanted, withoutId), text));
    }),
    { numRuns: 5, examples: [[`x${OBEYED.join('')}`]] },
  );
});
