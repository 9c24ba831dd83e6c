// Vitest's global set-up of the real tier: builds the Kubernetes servers where they are missing, before any clock of a test runs.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('build-kubernetes.sh', import.meta.url));

const FOLDER = 'REAL_KUBERNETES_SERVERS';

/**
 * The folder that holds the Kubernetes servers: the one that the environment names, else the cached one, built now if missing,
 * which takes ten minutes or so.
 * @throws when they cannot be built; what the build said is on standard error
 */
export async function kubernetesServers(): Promise<string> {
  const named = process.env[FOLDER];
  if (named !== undefined) return named;
  const build = spawn('bash', [SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
  let folder = '';
  build.stdout.setEncoding('utf8').on('data', (text: string) => {
    folder += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    build.once('error', reject);
    build.once('close', resolve);
  });
  if (code !== 0) throw new Error('The Kubernetes servers could not be built: the reason is above.');
  return folder.trim();
}

export default async function setUp(): Promise<void> {
  process.env[FOLDER] = await kubernetesServers();
}
