// Pods whose requests and limits chance would hardly bring about.
import type { Container, PodObject, PodSpec, Resources } from '../wire.ts';
import { SANDBOXED } from './pods.ts';

const IMAGE = 'registry.invalid/app:1';
const of = (...resources: readonly Resources[]): Container[] =>
  resources.map((one, index) => ({ name: `c${index}`, image: IMAGE, resources: one }));
const preparing = (...resources: readonly Resources[]): Container[] =>
  of(...resources).map((one) => ({ ...one, name: `init-${one.name}` }));
const overhead = { runtimeClassName: SANDBOXED.metadata.name };

const CORNERS: Readonly<Record<string, PodSpec>> = {
  nothing: { containers: of({}) },
  'overhead-alone': { containers: of({}), ...overhead },
  'overhead-on-requests': { containers: of({ requests: { cpu: '250m', memory: '64Mi' } }), ...overhead },
  'overhead-on-limits': { containers: of({ limits: { cpu: '250m' } }, { limits: { memory: '64Mi' } }), ...overhead },
  'overhead-on-zero-limits': { containers: of({ limits: { cpu: '0', memory: '0' } }), ...overhead },
  'less-than-a-byte': { containers: of({ requests: { memory: '1m' } }, { requests: { memory: '1m' } }) },
  'one-more-than-a-byte': { containers: of({ requests: { memory: '1001m' } }, { limits: { memory: '0.1Gi' } }) },
  'less-than-a-millicore': { containers: of({ requests: { cpu: '1n' } }, { requests: { cpu: '1500u' } }) },
  'most-digits': { containers: of({ requests: { cpu: '12345.678', memory: '1234567890123' } }) },
  storage: {
    containers: of(
      { requests: { 'ephemeral-storage': '1.5Gi' }, limits: { 'ephemeral-storage': '3e9' } },
      { limits: { 'ephemeral-storage': '123456789' } },
    ),
  },
  'storage-while-preparing': {
    initContainers: preparing({ requests: { 'ephemeral-storage': '5Gi' }, limits: { 'ephemeral-storage': '6Gi' } }),
    containers: of({ requests: { 'ephemeral-storage': '1Gi' } }),
  },
  'prepares-with-more': {
    initContainers: preparing({ requests: { cpu: '2' } }, { requests: { cpu: '1', memory: '2Gi' } }),
    containers: of({ requests: { cpu: '300m', memory: '1Gi' } }, { requests: { cpu: '300m', memory: '1Gi' } }),
  },
  'prepares-with-less': {
    initContainers: preparing({ requests: { cpu: '500m' }, limits: { cpu: '500m', memory: '1Gi' } }),
    containers: of({ requests: { cpu: '300m' } }, { requests: { cpu: '300m' } }),
  },
  'prepares-with-more-and-overhead': {
    initContainers: preparing({ requests: { cpu: '2' }, limits: { cpu: '4' } }),
    containers: of({ requests: { cpu: '300m' } }),
    ...overhead,
  },
};

/** The corners as pods that are bound to a node. */
export const cornerPods = (nodeName: string): PodObject[] =>
  Object.entries(CORNERS).map(([name, spec]) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `corner-${name}-${nodeName}`, namespace: 'default' },
    spec: { ...spec, nodeName },
  }));
