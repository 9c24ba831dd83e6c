import { always, INTEGER, JSON_BYTES, list, map, message, pointer, TEXT, TIME, TRUTH } from './types.ts';

// Messages of k8s.io/apimachinery (pkg/apis/meta/v1/generated.proto), with the numbers of their fields.

const OWNER_REFERENCE = message(
  [1, 'kind', always(TEXT)],
  [3, 'name', always(TEXT)],
  [4, 'uid', always(TEXT)],
  [5, 'apiVersion', always(TEXT)],
  [6, 'controller', pointer(TRUTH)],
  [7, 'blockOwnerDeletion', pointer(TRUTH)],
);

const MANAGED_FIELDS = message(
  [1, 'manager', always(TEXT)],
  [2, 'operation', always(TEXT)],
  [3, 'apiVersion', always(TEXT)],
  [4, 'time', pointer(TIME)],
  [6, 'fieldsType', always(TEXT)],
  [7, 'fieldsV1', pointer(JSON_BYTES)],
  [8, 'subresource', always(TEXT)],
);

export const OBJECT_META = message(
  [1, 'name', always(TEXT)],
  [2, 'generateName', always(TEXT)],
  [3, 'namespace', always(TEXT)],
  [4, 'selfLink', always(TEXT)],
  [5, 'uid', always(TEXT)],
  [6, 'resourceVersion', always(TEXT)],
  [7, 'generation', always(INTEGER)],
  [8, 'creationTimestamp', always(TIME)],
  [9, 'deletionTimestamp', pointer(TIME)],
  [10, 'deletionGracePeriodSeconds', pointer(INTEGER)],
  [11, 'labels', map(TEXT)],
  [12, 'annotations', map(TEXT)],
  [13, 'ownerReferences', list(OWNER_REFERENCE)],
  [14, 'finalizers', list(TEXT)],
  [17, 'managedFields', list(MANAGED_FIELDS)],
);

export const LIST_META = message(
  [1, 'selfLink', always(TEXT)],
  [2, 'resourceVersion', always(TEXT)],
  [3, 'continue', always(TEXT)],
  [4, 'remainingItemCount', pointer(INTEGER)],
);

const LABEL_SELECTOR_REQUIREMENT = message(
  [1, 'key', always(TEXT)],
  [2, 'operator', always(TEXT)],
  [3, 'values', list(TEXT)],
);

export const LABEL_SELECTOR = message(
  [1, 'matchLabels', map(TEXT)],
  [2, 'matchExpressions', list(LABEL_SELECTOR_REQUIREMENT)],
);

export const PARTIAL_OBJECT_METADATA = message([1, 'metadata', always(OBJECT_META)]);

const STATUS_CAUSE = message([1, 'reason', always(TEXT)], [2, 'message', always(TEXT)], [3, 'field', always(TEXT)]);

const STATUS_DETAILS = message(
  [1, 'name', always(TEXT)],
  [2, 'group', always(TEXT)],
  [3, 'kind', always(TEXT)],
  [4, 'causes', list(STATUS_CAUSE)],
  [5, 'retryAfterSeconds', always(INTEGER)],
  [6, 'uid', always(TEXT)],
);

export const STATUS = message(
  [1, 'metadata', always(LIST_META)],
  [2, 'status', always(TEXT)],
  [3, 'message', always(TEXT)],
  [4, 'reason', always(TEXT)],
  [5, 'details', pointer(STATUS_DETAILS)],
  [6, 'code', always(INTEGER)],
);
