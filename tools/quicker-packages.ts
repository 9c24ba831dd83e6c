import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { SINGLE_CELLS } from '../source/text/width.ts';

type Change = {
  /** End of the path of the file. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
};

/** What segments text takes some 15 ms to make: it is made at the first need. */
const segmenterAtNeed = (file: string, options: string): Change => ({
  file,
  from: `const segmenter = new Intl.Segmenter(${options});`,
  to: `let segments; const segmenter = { segment: text => (segments ??= new Intl.Segmenter(${options})).segment(text) };`,
});

/** What the changed Ink asks, built into it. */
const WHOLE_ROWS = fileURLToPath(new URL('whole-rows.ts', import.meta.url));

/**
 * meow is given the name of the program, and never looks for a package.json, nor corrects one: what reads, explains and
 * corrects it, two hundred KiB with a list of licences, is left out once nothing says that it is needed.
 */
const WITHOUT_A_PACKAGE: readonly Change[] = [
  {
    file: 'meow/build/options.js',
    from: `options.pkg ?? readPackageUpSync({
\t\tcwd: path.dirname(fileURLToPath(options.importMeta.url)),
\t\tnormalize: false,
\t})?.packageJson;`,
    to: 'options.pkg;',
  },
  { file: 'meow/build/options.js', from: '\t\t\tnormalizePackageData(pkg);\n', to: '' },
  {
    file: 'meow/build/dependencies.js',
    from: 'var normalizeExports = requireNormalize();',
    to: 'var normalizeExports = /* @__PURE__ */ requireNormalize();',
  },
  {
    file: 'meow/build/dependencies.js',
    from: 'const normalizePackageData = getDefaultExportFromCjs(',
    to: 'const normalizePackageData = /* @__PURE__ */ getDefaultExportFromCjs(',
  },
  { file: 'meow/build/dependencies.js', from: '\npromisify(execFile);\n', to: '\n' },
  {
    file: 'meow/build/dependencies.js',
    from: 'var libExports = requireLib$1();',
    to: 'var libExports = /* @__PURE__ */ requireLib$1();',
  },
];

/** Work that packages do at every start, or for every cell drawn, put off to when it is needed; results stay the same. */
const CHANGES: readonly Change[] = [
  {
    // Ink measures every line of every frame; a rule of 200 cells alone took a tenth of a frame, cluster by cluster. The
    // Latin letters, arrows, lines and the ellipsis are one cell each and join with no other, as ASCII.
    file: 'string-width/index.js',
    from: 'if (/^[\\u0020-\\u007E]*$/.test(string)) {',
    to: `if ((ambiguousIsNarrow ? /^[${SINGLE_CELLS}]*$/ : /^[\\x20-\\x7e]*$/).test(string)) {`,
  },
  {
    // Some 30 ms to compile, for text that is seldom there; written as a literal it would be compiled to look for mistakes.
    file: 'string-width/index.js',
    from: 'const rgiEmojiRegex = /^\\p{RGI_Emoji}$/v;',
    to: "let rgiEmoji; const rgiEmojiRegex = { test: text => (rgiEmoji ??= new RegExp('^\\\\p{RGI_Emoji}$', 'v')).test(text) };",
  },
  segmenterAtNeed('string-width/index.js', ''),
  segmenterAtNeed('wrap-ansi/index.js', ''),
  segmenterAtNeed('ink/build/line-update.js', "undefined, { granularity: 'grapheme' }"),
  {
    file: 'slice-ansi/tokenize-ansi.js',
    from: "const GRAPHEME_SEGMENTER = new Intl.Segmenter(undefined, {granularity: 'grapheme'});",
    to: "let segments; const GRAPHEME_SEGMENTER = { segment: text => (segments ??= new Intl.Segmenter(undefined, {granularity: 'grapheme'})).segment(text) };",
  },
  {
    // Of text whose letters join with no other, each is a character, an escape too.
    file: '@alcalzone/ansi-tokenize/build/tokenize.js',
    from: 'const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });',
    to:
      `let segments; const segmenter = { segment: text => /^[\\x1b${SINGLE_CELLS}]*$/.test(text)` +
      ' ? Array.from(text, (segment, index) => ({ segment, index }))' +
      ' : (segments ??= new Intl.Segmenter(undefined, { granularity: "grapheme" })).segment(text) };',
  },
  {
    // It has the bytes, and would fetch them from themselves: that loads Node's fetch, some 30 ms and MiB.
    file: 'yoga-layout/dist/binaries/yoga-wasm-base64-esm.js',
    from: 'return w||"function"!=typeof fetch?Promise',
    to: 'return true?Promise',
  },
  ...WITHOUT_A_PACKAGE,
  {
    // A frame of Ink is a grid of cells, made of every row and read out again. A row that is one finished text needs none.
    file: 'ink/build/output.js',
    from: "import stringWidth from 'string-width';",
    to: `import stringWidth from 'string-width'; import { wholeRows } from ${JSON.stringify(WHOLE_ROWS)};`,
  },
  {
    file: 'ink/build/output.js',
    from: '        const output = [];\n        for (let y = 0; y < this.height; y++) {',
    to:
      '        const whole = wholeRows(this.operations, this); const output = [];\n' +
      '        for (let y = 0; y < this.height; y++) { if (whole[y] !== undefined) { output.push(undefined); continue; }',
  },
  {
    file: 'ink/build/output.js',
    from: '                this.applyWriteOperation(output, operation, clips.at(-1));',
    to: '                if (whole[operation.y] === undefined) this.applyWriteOperation(output, operation, clips.at(-1));',
  },
  {
    file: 'ink/build/output.js',
    from: '            .map(line => {\n',
    to: '            .map((line, y) => { if (whole[y] !== undefined) return whole[y];\n',
  },
  {
    // It looks for what a terminal would obey, letter by letter, and would keep all of such a row.
    file: 'ink/build/sanitize-ansi.js',
    from: 'const sanitizeAnsi = (text) => {',
    to: 'const sanitizeAnsi = (text) => { if (isSimple(text)) return text;',
  },
  {
    file: 'ink/build/sanitize-ansi.js',
    from: "import { hasAnsiControlCharacters, tokenizeAnsi } from './ansi-tokenizer.js';",
    to: `import { hasAnsiControlCharacters, tokenizeAnsi } from './ansi-tokenizer.js'; import { isSimple } from ${JSON.stringify(WHOLE_ROWS)};`,
  },
  {
    // It names each row by the SHA-1 of what it says, an eighth of a frame; then a row that says something else is mounted anew.
    file: 'ink-table/dist/index.js',
    from: 'const key = `row-${(0, object_hash_1.sha1)(row)}-${index}`;',
    to: 'const key = `row-${index}`;',
  },
  { file: 'ink-table/dist/index.js', from: 'const object_hash_1 = require("object-hash");\n', to: '' },
];

const BUILT_INS = builtinModules.filter((name) => /^[a-z]/.test(name));
const BUILT_IN = new RegExp(`^(node:)?(${BUILT_INS.join('|')})$`);

/**
 * Lets packages in the bundle do less. The build fails when one no longer holds what is replaced, so that a new version
 * is looked at.
 */
export const quickerPackages: Plugin = {
  name: 'quicker-packages',
  setup(building) {
    for (const file of new Set(CHANGES.map((change) => change.file)))
      building.onLoad({ filter: new RegExp(`/node_modules/${file.replaceAll('.', '\\.')}$`) }, async ({ path }) => ({
        contents: changed(await readFile(path, 'utf8'), file),
        loader: 'js',
      }));
    // An import of a module of Node reads all that it exports: node:http loads Node's fetch and WebSocket with it, some
    // 40 ms and some MiB in each thread, node:crypto its web twin, and so on, for nothing.
    building.onResolve({ filter: BUILT_IN }, ({ path, kind }) =>
      kind === 'import-statement'
        ? { path: `node:${path.replace(/^node:/, '')}`, namespace: 'not-all-of', sideEffects: false }
        : undefined,
    );
    building.onLoad({ filter: /^node:/, namespace: 'not-all-of' }, ({ path }) => ({
      contents: `if (!(module.exports = process.getBuiltinModule(${JSON.stringify(path)}))) require('all-of-them');`,
      loader: 'js',
    }));
    // Each names all of them, and loads none, so that they come in one file, not in dozens.
    building.onResolve({ filter: /./, namespace: 'not-all-of' }, ({ path }) => ({ path, namespace: 'not-all-of' }));
    building.onLoad({ filter: /^all-of-them$/, namespace: 'not-all-of' }, () => ({
      contents: BUILT_INS.map((name) => `require('node:${name}');`).join(''),
      loader: 'js',
    }));
  },
};

function changed(text: string, file: string): string {
  return CHANGES.filter((change) => change.file === file).reduce((before, { from, to }) => {
    if (before.split(from).length !== 2)
      throw new Error(`${file} does not hold "${from}" once: see whether a new version still needs the change.`);
    return before.replace(from, () => to);
  }, text);
}
