import { isEncodable } from './protobuf/encode.ts';
import type { Resource } from './resource.ts';
import { notAcceptable, notAccepted } from './status.ts';

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

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  [MEDIA_TYPES.json]: 'json',
  [MEDIA_TYPES.yaml]: 'yaml',
  [MEDIA_TYPES.protobuf]: 'protobuf',
  'application/*': 'json',
  '*/*': 'json',
};

const OFFERED = Object.values(MEDIA_TYPES);
const STREAMED = [`${MEDIA_TYPES.json};stream=watch`, `${MEDIA_TYPES.protobuf};stream=watch`];

const TRANSFORMS: Record<string, Form['as']> = {
  Table: 'Table',
  PartialObjectMetadata: 'PartialObjectMetadata',
  PartialObjectMetadataList: 'PartialObjectMetadata',
};

type Offer = { encoding: Encoding; as: string | undefined };

/** What an Accept header offers to take and this server can write, in its order. */
function offersOf(accept: string | undefined): Offer[] {
  const wanted = accept === undefined || accept.trim() === '' ? '*/*' : accept;
  return wanted.split(',').flatMap((offer) => {
    const [type = '', ...parameters] = offer.split(';').map((part) => part.trim());
    const encoding = ENCODINGS[type];
    if (encoding === undefined) return [];
    return [{ encoding, as: parameters.find((parameter) => parameter.startsWith('as='))?.slice(3) }];
  });
}

/**
 * Chooses the form by the Accept header: the first that this server can make of the resource. There is no Table in
 * protobuf, and no protobuf of what has no messages, as custom resources. Throws the 406.
 */
export function negotiate(accept: string | undefined, resource: Resource, many: boolean): Form {
  const offers = offersOf(accept);
  for (const { encoding, as } of offers) {
    const transform = as === undefined ? 'object' : TRANSFORMS[as];
    if (transform === undefined) continue;
    if (encoding === 'protobuf' && (transform === 'Table' || !isEncodable(resource))) continue;
    return { as: transform, encoding };
  }
  if (offers.length > 0) throw notAccepted(OFFERED);
  throw notAcceptable(many ? [...OFFERED, ...STREAMED] : OFFERED);
}

/** How a Status is written for a client: in the first encoding that it takes, else in JSON. */
export const statusEncoding = (accept: string | undefined): Encoding => offersOf(accept)[0]?.encoding ?? 'json';
