import type { ContainerPort, Pod } from '../../wire.ts';

const NONE: readonly ContainerPort[] = [];
const everywhere = (address = ''): boolean => address === '' || address === '0.0.0.0';
const clash = (a: ContainerPort, b: ContainerPort): boolean =>
  a.hostPort === b.hostPort &&
  (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP') &&
  (everywhere(a.hostIP) || everywhere(b.hostIP) || a.hostIP === b.hostIP);

/** Ports of the machine that a pod takes: those of its containers and of its sidecars. */
export function hostPortsOf({ spec: { containers, initContainers = [] } }: Pod): readonly ContainerPort[] {
  if (initContainers.length === 0 && !containers.some(({ ports }) => ports)) return NONE;
  const running = [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')];
  return running.flatMap(({ ports = [] }) => ports.filter(({ hostPort = 0 }) => hostPort > 0));
}

/** Whether some ports are free beside the pods that are there. */
export function areFree(wanted: readonly ContainerPort[], pods: Iterable<Pod>): boolean {
  if (wanted.length === 0) return true;
  for (const pod of pods) {
    for (const taken of hostPortsOf(pod)) if (wanted.some((port) => clash(port, taken))) return false;
  }
  return true;
}
