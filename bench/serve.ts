// A process of its own that serves the cluster to be measured, so that its work is not counted as the console's.
// Arguments: nodes, pods, file for the kubeconfig. It answers over IPC and ends with the process that started it.
import { writeFileSync } from 'node:fs';
import { startSandbox } from '../source/sandbox/sandbox.ts';

/** A request of the console; `at` is ms of the server's clock. */
export type Asked = { readonly at: number; readonly path: string };

export type FromServer =
  | { readonly type: 'ready' }
  /** Requests of the console since the last answer. */
  | { readonly type: 'requests'; readonly asked: readonly Asked[] };

/** What may be asked of it beside `requests`; none is answered. */
export type ToServer =
  /** So many changes of nodes and pods a second from now on; 0 for none. */
  | { readonly type: 'load'; readonly events: number }
  /** So many changes at once. */
  | { readonly type: 'burst'; readonly events: number }
  /** A node says that its kubelet is of this version. */
  | { readonly type: 'upgrade'; readonly node: string; readonly version: string };

const [nodes, pods, kubeconfig] = process.argv.slice(2);
if (nodes === undefined || pods === undefined || kubeconfig === undefined || process.send === undefined)
  throw new Error('serve.ts is started by run.ts.');

// Kubelets report as ever; only pods do not come and go, which would be no quiet cluster.
const sandbox = await startSandbox({ nodes: Number(nodes), pods: Number(pods), churn: false });
writeFileSync(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });

let asked: Asked[] = [];
sandbox.onRequest = ({ userAgent, path }) => {
  if (userAgent.startsWith('metalk8s-console/')) asked.push({ at: performance.now(), path });
};
const tell = (message: FromServer) => process.send?.(message);
process.on('message', (message: 'requests' | ToServer) => {
  if (message !== 'requests') {
    obey(message);
    return;
  }
  tell({ type: 'requests', asked });
  asked = [];
});

function obey(message: ToServer): void {
  const { load, nodes: kept } = sandbox.world;
  switch (message.type) {
    case 'load':
      load.run(message.events);
      return;
    case 'burst':
      load.burst(message.events);
      return;
    case 'upgrade': {
      const node = kept.get(message.node);
      if (node === undefined) throw new Error(`There is no node "${message.node}" to upgrade.`);
      const nodeInfo = { ...node.status.nodeInfo, kubeletVersion: message.version };
      kept.put({ ...node, status: { ...node.status, nodeInfo } });
    }
  }
}

process.on('disconnect', () => process.exit());
tell({ type: 'ready' });
