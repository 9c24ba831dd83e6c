import type { Connection } from '../kubernetes/connection.ts';
import { LinkFailure } from '../kubernetes/failure.ts';
import { visible } from '../../text/visible.ts';
import { ETCD_CONTAINER, ETCD_NAMESPACE, etcdPod } from './etcdctl.ts';

type Run = {
  /** For sentences, as in "defragment etcd on node-1". */
  readonly what: string;
  readonly node: string;
  readonly command: readonly string[];
  /** ms. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
};

/** Of what etcdctl writes when it fails, in characters. */
const LONGEST_WORDS = 300;

/**
 * Runs etcdctl in the pod of the member on a node, and resolves with what it wrote. Rejects with a LinkFailure: with
 * its own words where it ended badly, which are then the `detail`.
 */
export async function runEtcdctl(connection: Pick<Connection, 'exec'>, run: Run): Promise<string> {
  const { what, node, command, timeout, signal } = run;
  const pod = { namespace: ETCD_NAMESPACE, pod: etcdPod(node), container: ETCD_CONTAINER };
  const { stdout, stderr, exitCode } = await connection.exec({ what, ...pod, command, timeout, signal });
  if (exitCode === 0) return stdout;
  const words = lastWords(stderr === '' ? stdout : stderr);
  throw new LinkFailure({
    kind: 'server',
    message: `Cannot ${what}: etcdctl ended with ${exitCode}${words && ` (${visible(words)})`}; look at the members of etcd.`,
    what,
    detail: words,
    sent: true,
  });
}

/** Before the error, etcdctl may write lines of its log. */
function lastWords(text: string): string {
  const last = text.trim().split('\n').at(-1) ?? '';
  return last.replace(/^Error:\s*/, '').slice(0, LONGEST_WORDS);
}
