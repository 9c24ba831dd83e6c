import { isEncodable } from './protobuf/encode.ts';
import { MEDIA_TYPES, type Encoding, type Form } from './form.ts';
import type { Resource } from './resource.ts';
import { notAcceptable, notAccepted } from './status.ts';

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

type Offer = { encoding: Encoding; as: string | undefined; quality: number; wildcards: number };

/** RFC 9110, 12.4.2: the weight of an offer, 1 where none is told or it is no number. */
function qualityOf(parameters: readonly string[]): number {
  const told = parameters.find((parameter) => /^q\s*=/.test(parameter));
  const quality = Number.parseFloat(told?.slice(told.indexOf('=') + 1) ?? '');
  return Number.isNaN(quality) ? 1 : quality;
}

/**
 * What an Accept header offers to take and this server can write, as the API server reads it: the heaviest first, and of
 * one weight in the order of the header, but for the wildcards, which come last.
 */
function offersOf(accept: string | undefined): Offer[] {
  const wanted = accept === undefined || accept.trim() === '' ? '*/*' : accept;
  const offers = wanted.split(',').flatMap((offer) => {
    const [type = '', ...parameters] = offer.split(';').map((part) => part.trim());
    const encoding = ENCODINGS[type];
    if (encoding === undefined) return [];
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    return [{ encoding, as, quality: qualityOf(parameters), wildcards: type.split('*').length }];
  });
  return offers.sort((one, other) => other.quality - one.quality || one.wildcards - other.wildcards);
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
