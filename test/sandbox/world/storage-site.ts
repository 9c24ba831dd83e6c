import { afterEach, beforeEach } from 'vitest';
import {
  manualClock,
  startSandbox,
  type ManualClock,
  type Sandbox,
  type World,
} from '../../../source/sandbox/sandbox.ts';
import type { KubernetesObject, Pod } from '../../../source/sandbox/wire.ts';
import type { PersistentVolume, PersistentVolumeClaim, Volume } from '../../../source/sandbox/wire-storage.ts';
import type { Collection } from '../../../source/sandbox/world/store.ts';
import { clientOf, type Client } from '../client.ts';

export const metadata = (name: string, namespace?: string) => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  uid: `uid of ${name}`,
  resourceVersion: '',
  creationTimestamp: '2026-01-31T12:00:00Z',
});

export type VolumeTraits = Partial<Volume['spec']> & { labels?: Record<string, string> };
export type ClaimTraits = Partial<PersistentVolumeClaim['spec']> & { size?: string };

/** The standard site, begun anew for each test of a file, and what its tests do with volumes, claims and pods. */
export function storageSite() {
  let clock: ManualClock;
  let sandbox: Sandbox;
  let client: Client;
  beforeEach(async () => {
    clock = manualClock();
    sandbox = await startSandbox({ clock, heartbeats: false, churn: false });
    client = clientOf(sandbox);
  });
  afterEach(async () => {
    client.close();
    await sandbox.stop();
  });
  const world = (): World => sandbox.world;
  const advance = (milliseconds: number): void => clock.advance(milliseconds);

  const of = <T extends KubernetesObject>(name: string): Collection<T> =>
    sandbox.world.collection(name) as unknown as Collection<T>;
  const volumes = (): Collection<Volume> => of('volumes');
  const persistent = (): Collection<PersistentVolume> => of('persistentvolumes');
  const claims = (): Collection<PersistentVolumeClaim> => of('persistentvolumeclaims');

  const addVolume = (name: string, { labels = {}, ...spec }: VolumeTraits = {}): Volume =>
    volumes().put({
      metadata: metadata(name),
      spec: {
        nodeName: 'par1-worker-1',
        storageClassName: 'metalk8s',
        ...(Object.keys(spec).some((key) => /Device|lvm/.test(key)) ? {} : { sparseLoopDevice: { size: '10Gi' } }),
        template: { metadata: { labels } },
        ...spec,
      },
    });

  const addClaim = (name: string, { size = '10Gi', ...spec }: ClaimTraits = {}): PersistentVolumeClaim =>
    claims().put({
      metadata: { ...metadata(name, 'shop'), finalizers: ['kubernetes.io/pvc-protection'] },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: size } },
        storageClassName: 'metalk8s',
        volumeMode: 'Filesystem',
        ...spec,
      },
      status: { phase: 'Pending' },
    });

  const addPod = (name: string, ...mounted: string[]): Pod =>
    sandbox.world.pods.put({
      metadata: metadata(name, 'shop'),
      spec: {
        containers: [],
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 1,
        dnsPolicy: 'ClusterFirst',
        securityContext: {},
        schedulerName: 'default-scheduler',
        volumes: mounted.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
      },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    });

  const nodeOf = (name: string): string | undefined => sandbox.world.pods.get(`shop/${name}`)?.spec.nodeName;
  const whyOf = (name: string): string | undefined =>
    sandbox.world.pods.get(`shop/${name}`)?.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
  const phaseOf = (name: string): string | undefined => persistent().get(name)?.status.phase;
  const remove = (path: string): Promise<unknown> => client.ask('DELETE', path);

  return {
    world,
    advance,
    of,
    volumes,
    persistent,
    claims,
    addVolume,
    addClaim,
    addPod,
    nodeOf,
    whyOf,
    phaseOf,
    remove,
  };
}
