import type { KubernetesObject } from '../wire.ts';
import { isObject, type Json, type JsonObject } from './patch.ts';
import { schemaCauses, type Schema } from './schema.ts';
import type { Cause } from './status.ts';

const text: Schema = { type: 'string' };
const size: Schema = {
  type: 'intOrString',
  pattern:
    /^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$/,
};

const object = (properties: Schema['properties'] & object, ...required: string[]): Schema => ({
  type: 'object',
  properties,
  required,
});

/** The definition of Volume (storage.metalk8s.scality.com/v1alpha1), but for the template of its PersistentVolume. */
const VOLUME = object({
  spec: object(
    {
      mode: { type: 'string', values: ['Filesystem', 'Block'] },
      nodeName: text,
      storageClassName: text,
      lvmLogicalVolume: object({ size, vgName: text }, 'size', 'vgName'),
      rawBlockDevice: object({ devicePath: text }, 'devicePath'),
      sparseLoopDevice: object({ size }, 'size'),
      template: { type: 'object' },
    },
    'nodeName',
    'storageClassName',
  ),
  status: object({
    deviceName: text,
    job: text,
    conditions: {
      type: 'array',
      items: object(
        {
          lastTransitionTime: text,
          lastUpdateTime: text,
          message: text,
          reason: {
            type: 'string',
            values: [
              'Pending',
              'Terminating',
              'InternalError',
              'CreationError',
              'DestructionError',
              'UnavailableError',
            ],
          },
          status: { type: 'string', values: ['True', 'False', 'Unknown'] },
          type: { type: 'string', values: ['Ready'] },
        },
        'status',
        'type',
      ),
    },
  }),
});

type Loose = KubernetesObject & { spec?: Json };

const specOf = ({ spec }: Loose): JsonObject => (isObject(spec) ? spec : {});
const hasItems = (value: Json | undefined): boolean => Array.isArray(value) && value.length > 0;
const storageOf = (value: Json | undefined): Json | undefined => (isObject(value) ? value['storage'] : undefined);

const required = (field: string, why = ''): Cause => ({
  reason: 'FieldValueRequired',
  message: why === '' ? 'Required value' : `Required value: ${why}`,
  field,
});

const missing = (absent: boolean, field: string, why?: string): Cause[] => (absent ? [required(field, why)] : []);

const ONE_MODE = 'at least 1 access mode is required';

function persistentVolumeCauses(volume: Loose): Cause[] {
  const { accessModes, capacity } = specOf(volume);
  return [...missing(!hasItems(accessModes), 'spec.accessModes'), ...missing(!isObject(capacity), 'spec.capacity')];
}

function claimCauses(claim: Loose): Cause[] {
  const { accessModes, resources } = specOf(claim);
  const asked = storageOf(isObject(resources) ? resources['requests'] : undefined);
  return [
    ...missing(!hasItems(accessModes), 'spec.accessModes', ONE_MODE),
    ...missing(asked === undefined, 'spec.resources[storage]'),
  ];
}

const classCauses = (found: KubernetesObject & { provisioner?: string }): Cause[] =>
  missing((found.provisioner ?? '') === '', 'provisioner');

function budgetCauses(budget: Loose): Cause[] {
  const { minAvailable, maxUnavailable } = specOf(budget);
  if (minAvailable === undefined || maxUnavailable === undefined) return [];
  const shown = JSON.stringify({ minAvailable, maxUnavailable });
  const message = `Invalid value: ${shown}: minAvailable and maxUnavailable cannot be both set`;
  return [{ reason: 'FieldValueInvalid', message, field: 'spec' }];
}

/** Numbers of a lease, with the lowest that each may be. */
const LEASE_NUMBERS = [
  { field: 'leaseDurationSeconds', lowest: 1, told: 'must be greater than 0' },
  { field: 'leaseTransitions', lowest: 0, told: 'must be greater than or equal to 0' },
];

const leaseCauses = (lease: Loose): Cause[] =>
  LEASE_NUMBERS.flatMap(({ field, lowest, told }) => {
    const value = specOf(lease)[field];
    if (typeof value !== 'number' || value >= lowest) return [];
    return [{ reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${told}`, field: `spec.${field}` }];
  });

/** What is wrong with an object of a kind that this table knows, beside its metadata. */
export const KIND_CAUSES: Readonly<Record<string, (object: KubernetesObject) => Cause[]>> = {
  Lease: leaseCauses,
  PersistentVolume: persistentVolumeCauses,
  PersistentVolumeClaim: claimCauses,
  PodDisruptionBudget: budgetCauses,
  StorageClass: classCauses,
  Volume: (volume) => schemaCauses(VOLUME, volume as unknown as JsonObject, ''),
};
