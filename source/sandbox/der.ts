/** Distinguished Encoding Rules, as much of them as an X.509 certificate needs (ITU-T X.690). */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  generalizedTime: 0x18,
} as const;

function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const digits = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | digits.length]), digits]);
}

/** Base 128, most significant group first, all but the last with the high bit set. */
function base128(value: number): number[] {
  const groups = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) groups.unshift((rest & 0x7f) | 0x80);
  return groups;
}

export const sequence = (...items: readonly Buffer[]): Buffer => element(TAG.sequence, ...items);
export const set = (...items: readonly Buffer[]): Buffer => element(TAG.set, ...items);
export const boolean = (value: boolean): Buffer => element(TAG.boolean, Buffer.from([value ? 0xff : 0]));
export const utf8String = (text: string): Buffer => element(TAG.utf8String, Buffer.from(text, 'utf8'));
export const octetString = (content: Buffer): Buffer => element(TAG.octetString, content);

/** A non-negative integer from its bytes. */
export const integer = (bytes: Buffer): Buffer =>
  element(TAG.integer, bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);

export const bitString = (content: Buffer, unusedBits = 0): Buffer =>
  element(TAG.bitString, Buffer.from([unusedBits]), content);

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(TAG.objectIdentifier, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A time in whole seconds, UTC. */
export const generalizedTime = (at: Date): Buffer =>
  element(TAG.generalizedTime, Buffer.from(`${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`, 'ascii'));

/** A context-specific tag around other elements. */
export const explicit = (number: number, content: Buffer): Buffer => element(0xa0 | number, content);

/** A context-specific tag in the place of a primitive element's own. */
export const implicit = (number: number, content: Buffer): Buffer => element(0x80 | number, content);
