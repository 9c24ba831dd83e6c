import { build } from 'esbuild';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { quickerPackages } from '../../tools/quicker-packages.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** What a module of these lines exports, bundled as the console is. */
async function bundled(lines: string): Promise<{ readonly text: string; readonly exports: Record<string, unknown> }> {
  const { outputFiles } = await build({
    stdin: { contents: lines, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    plugins: [quickerPackages],
  });
  const text = outputFiles[0]?.text ?? '';
  const url = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
  return { text, exports: (await import(/* @vite-ignore */ url)) as Record<string, unknown> };
}

describe('a width', async () => {
  const { exports } = await bundled("export { default as width } from 'string-width';");
  const width = exports['width'] as typeof stringWidth;

  /** What is drawn, and what makes widths hard: marks, joiners, selectors, emoji, Hangul, wide and half-wide letters. */
  const drawn = fc.constantFrom(
    ...[
      'a',
      '1',
      '#',
      ' ',
      '~',
      'é',
      '·',
      '…',
      '─',
      '│',
      '┼',
      '↑',
      '↓',
      '©',
      '®',
      '漢',
      'ｶ',
      'ﾞ',
      '한',
      'ᄒ',
      'ᅡ',
      'ᆫ',
    ],
    ...['\u00ad', '\u0301', '\u200b', '\u200d', '\ufe0f', '\u20e3', '\u{1f469}', '\u{1f680}', '\u{1f1eb}'],
    ...['\t', '\n', '\u001b[31m', '\u001b[0m', '\u009b1m', '\ud800'],
  );
  const text = fc.oneof(
    fc.array(drawn, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );
  const options = fc.record({ ambiguousIsNarrow: fc.boolean(), countAnsiEscapeCodes: fc.boolean() });

  it('is the same as before, for any text', () =>
    fc.assert(
      fc.property(text, options, (one, how) => {
        expect(width(one, how)).toBe(stringWidth(one, how));
      }),
      { numRuns: 2_000 },
    ));

  it('is the same as before, for each character of the first 12,000', () => {
    const all = Array.from({ length: 12_000 }, (_, code) => String.fromCodePoint(code));
    for (const ambiguousIsNarrow of [true, false])
      expect(
        all.filter((one) => width(one, { ambiguousIsNarrow }) !== stringWidth(one, { ambiguousIsNarrow })),
      ).toEqual([]);
  });
});

it('gives node:http whole, without an import that reads all of it', async () => {
  const { text, exports } = await bundled("import { Agent, request } from 'node:http'; export { Agent, request };");
  const http = await import('node:http');
  expect(exports['Agent']).toBe(http.Agent);
  expect(exports['request']).toBe(http.request);
  expect(text).not.toMatch(/from ["'](node:)?http["']/);
});

it('fails the build when a package is no longer what was changed', async () => {
  const other: typeof quickerPackages = {
    name: 'another-version',
    setup: (setting) =>
      quickerPackages.setup({
        ...setting,
        onLoad: (filter, load) =>
          setting.onLoad(filter, async (given) =>
            load({ ...given, path: given.path.replace('string-width/index.js', 'string-width/package.json') }),
          ),
      }),
  };
  const building = build({
    stdin: { contents: "export { default } from 'string-width';", resolveDir: ROOT },
    bundle: true,
    write: false,
    platform: 'node',
    logLevel: 'silent',
    plugins: [other],
  });
  await expect(building).rejects.toThrow('does not hold');
});
