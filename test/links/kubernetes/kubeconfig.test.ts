import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify, type ToStringOptions } from 'yaml';
import { chooseContext, type Choice } from '../../../source/links/kubernetes/kubeconfig.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function choose(text: string): Promise<Choice> {
  const file = join(folder, 'config');
  await writeFile(file, text);
  return chooseContext({ file }, { environment: {}, home: folder, root: folder });
}

/** Ways to write the same in YAML. */
const STYLES: readonly ToStringOptions[] = [
  {},
  { lineWidth: 20 },
  { indent: 8, indentSeq: false },
  { collectionStyle: 'flow' },
  { defaultStringType: 'QUOTE_SINGLE' },
  { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' },
  { defaultStringType: 'BLOCK_LITERAL', defaultKeyType: 'PLAIN' },
  { defaultStringType: 'BLOCK_FOLDED', defaultKeyType: 'PLAIN' },
];

const words = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !/\p{Cc}/u.test(text)),
  fc.constantFrom(
    'yes',
    'no',
    'null',
    '~',
    '0x10',
    '1e3',
    '12:30',
    '2026-01-31',
    '- a',
    'a: b',
    '#',
    ' a ',
    'a\nb\n',
    '<<',
  ),
  fc.base64String({ minLength: 40, maxLength: 200 }),
);
const configs = fc
  .record({ name: words, token: words, other: words, number: fc.integer(), on: fc.boolean() })
  .map(({ name, token, other, number, on }) => ({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    preferences: {},
    clusters: [{ name, cluster: { server: 'https://one.example:6443', 'insecure-skip-tls-verify': on } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: other } }],
    users: [
      {
        name,
        user: {
          token,
          exec: { command: other, args: [token, other], env: [{ name: token, value: other }], number, on, no: null },
        },
      },
    ],
  }));

describe('a kubeconfig', () => {
  test.each(STYLES)('says the same in YAML written with %j as in JSON', async (style) => {
    await fc.assert(
      fc.asyncProperty(configs, async (config) => {
        const written = Buffer.from(stringify(config, style)).toString();
        // The writer may break a line within a letter beyond 16 bits, which is lost in a file.
        fc.pre(isDeepStrictEqual(parse(written), config));
        expect(await choose(written)).toEqual(await choose(JSON.stringify(config)));
      }),
      { numRuns: 25 },
    );
  });

  test.each([
    ['anchors', 'users: [{ name: u, user: &u { token: t } }, { name: v, user: *u }]', { token: 't' }],
    [
      'comments, tabs and line ends of Windows',
      'users:\r\n- name: v # me\r\n  user:\r\n    token:\tt\r\n',
      { token: 't' },
    ],
    ['text over lines', 'users:\n- name: v\n  user:\n    token: >-\n      t\n      u\n', { token: 't u' }],
    ['words that were once true', 'users:\n- name: v\n  user: { token: yes }\n', { token: 'yes' }],
    ['a mark of its encoding', '\uFEFFusers: [{ name: v, user: { token: t } }]', { token: 't' }],
  ])('may hold %s', async (_, users, user) => {
    const rest = 'clusters: [{ name: c, cluster: { server: "https://c" } }]\ncurrent-context: x\n';
    const choice = await choose(`${users}\n${rest}contexts: [{ name: x, context: { cluster: c, user: v } }]\n`);
    expect(choice.user).toMatchObject(user);
  });
});
