/** Ids of etcd are uint64, larger than a number can hold: they are kept as hex without leading zeros, as etcd prints them. */
const HEX = /^[0-9a-f]{1,16}$/i;
const DECIMAL = /^\d{1,20}$/;
const MOST = 2n ** 64n - 1n;

/** Whether a text is an id in hex. */
export const isId = (text: string): boolean => HEX.test(text);

/** An id in hex, without leading zeros and in small letters. */
export const plainId = (hex: string): string => hex.toLowerCase().replace(/^0+(?=.)/, '');

/** A decimal uint64 as JSON has it, in hex; null for anything else. */
export function idOfDecimal(text: string): string | null {
  if (!DECIMAL.test(text)) return null;
  const id = BigInt(text);
  return id > MOST ? null : id.toString(16);
}
