export type Encoding = 'json' | 'yaml' | 'protobuf';

/** In which form a client wants objects: as they are, as a Table, or their metadata alone; and how it is written. */
export type Form = {
  as: 'object' | 'Table' | 'PartialObjectMetadata';
  encoding: Encoding;
};

export const MEDIA_TYPES: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
};
