// One esbuild run: cli.tsx and the worker of the links as ESM with shared chunks, production React, no dependency left
// outside. The folder it writes is what is published, so it gets a package.json of its own.
import { build } from 'esbuild';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quickerPackages } from './quicker-packages.ts';

const root = new URL('..', import.meta.url);
const at = (name) => fileURLToPath(new URL(name, root));
const { name, version, description } = JSON.parse(await readFile(at('package.json'), 'utf8'));

/** The product loads ink-table as part of the bundle; only the sources need the way around Node's loader. */
const bundledTable = {
  name: 'bundled-ink-table',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/ink-table\.ts$/ }, () => ({ path: at('source/console/widgets/ink-table.bundled.ts') })),
};

/**
 * The files of client-node do nothing when loaded but define things, which its package.json does not say: without the
 * word, the whole generated API (15 MB) comes along with the reading of a kubeconfig.
 */
const sparingClient = {
  name: 'sparing-client-node',
  setup: (build) =>
    build.onResolve({ filter: /^\.{1,2}\// }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === 'sparing' || !importer.includes('/@kubernetes/client-node/dist/')) return undefined;
      const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: 'sparing' });
      return { ...found, sideEffects: false };
    }),
};

/** Where to: dist/, or the folder named on the command line. It is replaced when the build has succeeded, not before. */
const dist = resolve(process.argv[2] ?? at('dist'));
const next = `${dist}.next`;

await rm(next, { recursive: true, force: true });
await mkdir(next, { recursive: true });
await build({
  entryPoints: { cli: at('cli.tsx'), 'link-worker': at('source/links/kubernetes/link-worker.ts') },
  outdir: next,
  bundle: true,
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  jsx: 'automatic',
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': '"production"', __VERSION__: JSON.stringify(version) },
  // Bundled CommonJS packages still call require for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  alias: { 'react-devtools-core': at('tools/nothing.mjs'), undici: at('tools/no-undici.mjs') },
  plugins: [bundledTable, sparingClient, quickerPackages],
  logLevel: 'warning',
});
await cp(at('tools/launch.cjs'), join(next, 'metalk8s-console.cjs'));
await writeFile(
  join(next, 'package.json'),
  JSON.stringify(
    {
      name,
      version,
      description,
      type: 'module',
      bin: { [name]: 'metalk8s-console.cjs' },
      engines: { node: '>=22.19' },
    },
    null,
    2,
  ) + '\n',
);
await rm(dist, { recursive: true, force: true });
await rename(next, dist);
