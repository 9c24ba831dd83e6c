// One esbuild run: cli.tsx and the pods worker as ESM with shared chunks, production React, no dependency left
// outside. The folder it writes is what is published, so it gets a package.json of its own.
import { build } from 'esbuild';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const at = (name) => fileURLToPath(new URL(name, root));
const { name, version, description } = JSON.parse(await readFile(at('package.json'), 'utf8'));

await rm(at('dist'), { recursive: true, force: true });
await mkdir(at('dist'), { recursive: true });
await build({
  entryPoints: { cli: at('cli.tsx'), 'pods-worker': at('source/links/kubernetes/pods-worker.ts') },
  outdir: at('dist'),
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
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  alias: { 'react-devtools-core': at('tools/nothing.mjs') },
  logLevel: 'warning',
});
await cp(at('tools/launch.cjs'), at('dist/metalk8s-console.cjs'));
await writeFile(
  at('dist/package.json'),
  JSON.stringify(
    { name, version, description, type: 'module', bin: { [name]: 'metalk8s-console.cjs' }, engines: { node: '>=22.19' } },
    null,
    2,
  ) + '\n',
);
