import { build } from 'esbuild';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { quickerPackages } from '../../tools/quicker-packages.ts';
import { createCells } from '../terminal/cells.ts';

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
  const sgr = fc.constantFrom(...['0', '1', '2', '22', '7', '27', '31', '39', '1;36', '48;5;17', '49', '38;2;1;2;3']);
  const styled = fc
    .array(fc.tuple(sgr, fc.constantFrom('', 'a', ' b ', '─…é', 'cdef  ')), { maxLength: 5 })
    .map((parts) => parts.map(([on, one]) => `\u001b[${on}m${one}`).join(''));
  const write = fc.record({
    x: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 12 })),
    y: coordinate,
    text: fc.oneof(text, { weight: 2, arbitrary: styled }),
  });
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
  const pictureOf = async (output: string) => {
    const cells = createCells(12, 6);
    cells.write(output);
    await cells.drawn();
    return cells.picture();
  };

  it('looks the same as before, for any writes, whatever the frames before it held', () =>
    fc.assert(
      fc.asyncProperty(frame, async (writes) => {
        const [original, quicker] = [draw(Original, writes), draw(Quicker, writes)];
        expect(quicker.height).toBe(original.height);
        expect(await pictureOf(quicker.output)).toEqual(await pictureOf(original.output));
      }),
      { numRuns: 150 },
    ));

  it('passes a row through that one write fills', () => {
    const row = '\u001b[7mwhole row  \u001b[27m';
    expect(draw(Quicker, [{ clip: null, write: { x: 0, y: 0, text: row } }]).output.split('\n')[0]).toContain(row);
  });
});

describe('text before it is laid out', async () => {
  const path = `${ROOT}node_modules/ink/build/sanitize-ansi.js`;
  const { exports } = await bundled(`export { default as sanitize } from ${JSON.stringify(path)};`);
  const quicker = exports['sanitize'] as (text: string) => string;
  const { default: original } = (await import(path)) as { readonly default: (text: string) => string };

  it('is cleaned as before, for any text', () =>
    fc.assert(
      fc.property(text, (one) => {
        expect(quicker(one)).toBe(original(one));
      }),
      { numRuns: 2_000 },
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
