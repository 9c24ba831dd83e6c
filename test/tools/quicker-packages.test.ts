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

/** What is drawn, and what makes widths hard: marks, joiners, selectors, emoji, Hangul, wide and half-wide letters. */
const drawn = fc.constantFrom(
  ...['a', '1', '#', ' ', '~', 'é', '·', '…', '─', '│', '┼', '↑', '↓', '©', '®', '漢', 'ｶ', 'ﾞ', '한', 'ᄒ', 'ᅡ', 'ᆫ'],
  ...['\u00ad', '\u0301', '\u200b', '\u200d', '\ufe0f', '\u20e3', '\u{1f469}', '\u{1f680}', '\u{1f1eb}'],
  ...['\t', '\n', '\u001b[31m', '\u001b[0m', '\u009b1m', '\ud800'],
);
const text = fc.oneof(
  fc.array(drawn, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

describe('a width', async () => {
  const { exports } = await bundled("export { default as width } from 'string-width';");
  const width = exports['width'] as typeof stringWidth;

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

describe('a frame of Ink', async () => {
  type Clip = { readonly x1: number; readonly x2: number; readonly y1: number; readonly y2: number };
  type Output = {
    write(x: number, y: number, text: string, options: { readonly transformers: readonly [] }): void;
    clip(clip: Clip): void;
    unclip(): void;
    get(): { readonly output: string; readonly height: number };
  };
  type OutputClass = new (size: { readonly width: number; readonly height: number }) => Output;
  const path = `${ROOT}node_modules/ink/build/output.js`;
  const { exports } = await bundled(`export { default as Output } from ${JSON.stringify(path)};`);
  const Quicker = exports['Output'] as OutputClass;
  const { default: Original } = (await import(path)) as { readonly default: OutputClass };

  const coordinate = fc.integer({ min: -3, max: 12 });
  const write = fc.record({ x: fc.integer({ min: 0, max: 12 }), y: coordinate, text });
  const clip = fc.record({ x1: coordinate, x2: coordinate, y1: coordinate, y2: coordinate });
  const frame = fc.array(fc.record({ clip: fc.option(clip), write }), { maxLength: 8 });

  const draw = (Class: OutputClass, writes: typeof frame extends fc.Arbitrary<infer Frame> ? Frame : never) => {
    const output = new Class({ width: 12, height: 6 });
    for (const one of writes) {
      if (one.clip !== null) output.clip(one.clip);
      output.write(one.write.x, one.write.y, one.write.text, { transformers: [] });
      if (one.clip !== null) output.unclip();
    }
    return output.get();
  };

  it('is the same as before, for any writes, whatever the frames before it held', () =>
    fc.assert(
      fc.property(frame, (writes) => {
        const original = draw(Original, writes);
        expect(draw(Quicker, writes)).toEqual(original);
        expect(draw(Quicker, writes)).toEqual(original);
      }),
      { numRuns: 500 },
    ));
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
