import { execPath, type Command } from '../../source/links/kubernetes/exec.ts';
import { isRead, isReadCommand } from '../../source/links/kubernetes/reads.ts';

const EXEC = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/exec\?/;

/**
 * Whether a request that a server got changes nothing: one of the reads, or a command in a pod of etcd that only looks,
 * with nothing written to it. Servers ask for the verb create for that too; what it does is judged here, not its verb.
 */
export const onlyLooks = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  isRead(method, path) || (method === 'GET' && isLook(path));

function isLook(path: string): boolean {
  const [, namespace, pod] = EXEC.exec(path) ?? [];
  if (namespace === undefined || pod === undefined) return false;
  const { searchParams } = new URL(path, 'http://any');
  const command: Command = {
    what: '',
    namespace: decodeURIComponent(namespace),
    pod: decodeURIComponent(pod),
    container: searchParams.get('container') ?? '',
    command: searchParams.getAll('command'),
    timeout: 0,
  };
  return isReadCommand(command) && execPath(command) === path;
}
