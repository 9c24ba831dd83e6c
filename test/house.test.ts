import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = new URL('..', import.meta.url).pathname;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Everything that belongs to the project: what is followed by git, and what could be added to it. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '');
const sources = files.filter((path) => existsSync(join(ROOT, path)) && /^(source|test|bench)\/.*\.tsx?$/.test(path));

it('has what a newcomer looks for at the top level, and little else', () => {
  const allowed = new Set(
    '.ci .gitignore .prettierignore .npmrc LICENSE README.md bench cli.tsx docs eslint.config.js media package-lock.json package.json source test tools tsconfig.json'.split(
      ' ',
    ),
  );
  const top = new Set(files.map((path) => path.split('/')[0] ?? ''));
  expect([...top].filter((name) => !allowed.has(name))).toEqual([]);
  for (const name of ['README.md', 'cli.tsx', 'docs', 'package.json', 'source', 'test', 'tsconfig.json'])
    expect(top).toContain(name);
});

it('opens only the rooms that the linter knows', () => {
  const rooms = readdirSync(join(ROOT, 'source'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const known = read('eslint.config.js');
  for (const { name } of rooms) expect(known, `source/${name}`).toMatch(new RegExp(`^  ${name}: \\[`, 'm'));
});

it('keeps one idea a file', () => {
  const long = sources.filter((path) => read(path).split('\n').length > 451);
  expect(long).toEqual([]);
});

it('has no circles of imports, not of types either', () => {
  const names = /\b(?:from|import)[\s(]*'(\.[^']+)'/g;
  const importsOf = (path: string) =>
    Array.from(read(path).matchAll(names), ([, name = '']) => join(dirname(path), name));
  const imports = new Map(sources.map((path) => [path, importsOf(path)]));
  const followed = new Set<string>();
  const circlesFrom = (path: string, way: readonly string[]): string[] => {
    if (way.includes(path)) return [[...way.slice(way.indexOf(path)), path].join(' > ')];
    if (followed.has(path)) return [];
    const circles = (imports.get(path) ?? []).flatMap((next) => circlesFrom(next, [...way, path]));
    followed.add(path);
    return circles;
  };
  expect(sources.flatMap((path) => circlesFrom(path, []))).toEqual([]);
});

it('names nothing by what it is not', () => {
  const vague = sources.filter((path) => /(^|\/)(utils?|helpers?|misc|common|managers?)(\.|\/|-)/i.test(path));
  expect(vague).toEqual([]);
});

it('leaves nothing open in the code', () => {
  const open = sources.filter((path) =>
    /\b(TO[D]O|FIX[M]E|XX[X])\b|not implemente[d]|\b(it|describe|test)\.(skip|only)\(/.test(read(path)),
  );
  expect(open).toEqual([]);
});

it('loads the shapes of answers, and the library that describes them, for types alone', () => {
  const loads = /^import (?!type\b)[^;]*from '(zod|\.\/kinds\/[^']*)'/m;
  const loading = sources.filter(
    (path) => path.startsWith('source/') && !path.startsWith('source/commands/kinds/') && loads.test(read(path)),
  );
  expect(loading).toEqual([]);
});

it('names no package registry in the lock file, so that any mirror serves', () => {
  expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
});

it('names no folder of the machine that it stands on', () => {
  const readable = files.filter(
    (path) => /\.(tsx?|[cm]?js|json|md|sh|txt|ya?ml|svg)$|^\.ci\//.test(path) && existsSync(join(ROOT, path)),
  );
  expect(readable.filter((path) => read(path).includes(ROOT))).toEqual([]);
});
