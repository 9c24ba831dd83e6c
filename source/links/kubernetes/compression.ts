/** How an answer came: bytes on the wire, and for how long they were waited for, ms. */
export type Pace = { readonly zipped: boolean; readonly bytes: number; readonly waited: number };

/**
 * Whether answers are asked for zipped. On a thin line nothing else counts; on a fast one zipping costs the server, and
 * unzipping costs here, more than the bytes do (docs/traffic.md has the figures). Only what came tells which it is.
 */
export type Compression = {
  readonly isWanted: () => boolean;
  readonly measured: (pace: Pace) => void;
};

/** Bytes a ms, which are thousands a second. Zipped answers come as fast as the server zips, so these prove little. */
const FAST_ZIPPED = 4_000;
const FAST = 20_000;
/** Less than this is latency and chance, not the line. */
const SHORTEST = 64 * 1024;

/** Begins zipped; leaves that once for a line that seems fast, and returns for good from one that is not. */
export function createCompression(): Compression {
  let wanted = true;
  let tried = false;
  return {
    isWanted: () => wanted,
    measured: ({ zipped, bytes, waited }) => {
      if (bytes < SHORTEST) return;
      if (zipped && !tried && bytes >= FAST_ZIPPED * waited) {
        wanted = false;
        tried = true;
      } else if (!zipped && bytes < FAST * waited) wanted = true;
    },
  };
}
