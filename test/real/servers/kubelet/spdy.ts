// The server's side of SPDY/3.1, as much of it as kubectl needs: streams that the client opens, data both ways, pings.
import type { Duplex } from 'node:stream';
import { createInflate } from 'node:zlib';
import { SPDY_DICTIONARY } from './spdy-dictionary.ts';

export type SpdyStream = {
  readonly id: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
};

export type SpdySession = {
  /** Sends data of a stream; the last of it when `last`. */
  write(stream: SpdyStream, data: Buffer, last: boolean): void;
};

/** Types of control frames (SPDY/3.1, 2.6). All others ask for nothing. */
const SYN_STREAM = 1;
const SYN_REPLY = 2;
const PING = 6;

const CONTROL = 0x8003;
const FIN = 1;
const HEAD = 8;
const ID_MASK = 0x7fffffff;
/** In front of the headers of a new stream: its number, an associated one, priority and slot. */
const SYN_STREAM_HEAD = 10;
/** So much of a body goes into one frame. */
const LONGEST_DATA = 32_768;

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const controlFrame = (type: number, body: Buffer): Buffer =>
  Buffer.concat([uint32(CONTROL * 0x10000 + type), uint32(body.length), body]);

const dataFrame = (id: number, data: Buffer, last: boolean): Buffer =>
  Buffer.concat([uint32(id), uint32((last ? FIN : 0) * 0x1000000 + data.length), data]);

/**
 * No headers at all, as a block that is stored, not packed (RFC 1951, 3.2.4), and an empty one, at which readers give out what they
 * have. One zlib stream goes through all replies.
 */
const NO_HEADERS = Buffer.from([0, 0x04, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
const ZLIB_START = Buffer.from([0x78, 0x01]);

/** A block of headers and what follows it, or null while the rest of it is missing. */
function readHeaders(bytes: Buffer): { headers: Record<string, string>; rest: Buffer } | null {
  let at = 0;
  const number = (): number => {
    const value = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : NaN;
    at += 4;
    return value;
  };
  const text = (): string => {
    const length = number();
    const from = at;
    at += length;
    return bytes.toString('utf8', from, at);
  };
  const count = number();
  const headers: Record<string, string> = {};
  for (let index = 0; index < count; index += 1) {
    const name = text();
    headers[name.toLowerCase()] = text();
  }
  return at <= bytes.length ? { headers, rest: bytes.subarray(at) } : null;
}

/** Takes over a connection that has been upgraded; `head` is what came with the request. */
export function openSpdy(socket: Duplex, head: Buffer, onStream: (stream: SpdyStream) => void): SpdySession {
  const opened: number[] = [];
  let answered = false;
  let unpacked: Buffer = Buffer.alloc(0);
  const inflate = createInflate({ dictionary: SPDY_DICTIONARY });
  inflate.on('error', (error) => socket.destroy(error));
  inflate.on('data', (bytes: Buffer) => {
    unpacked = Buffer.concat([unpacked, bytes]);
    for (let block = readHeaders(unpacked); block !== null; block = readHeaders(unpacked)) {
      unpacked = block.rest;
      const id = opened.shift() ?? NaN;
      const packed = answered ? NO_HEADERS : Buffer.concat([ZLIB_START, NO_HEADERS]);
      answered = true;
      socket.write(controlFrame(SYN_REPLY, Buffer.concat([uint32(id), packed])));
      onStream({ id, headers: block.headers });
    }
  });
  socket.on('close', () => inflate.destroy());

  let pending: Buffer = Buffer.alloc(0);
  const take = (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes]);
    while (pending.length >= HEAD) {
      const length = pending.readUIntBE(5, 3);
      if (pending.length < HEAD + length) return;
      const body = pending.subarray(HEAD, HEAD + length);
      const isControl = pending.readUInt16BE(0) === CONTROL;
      const type = pending.readUInt16BE(2);
      pending = pending.subarray(HEAD + length);
      if (!isControl) continue;
      if (type === PING) socket.write(controlFrame(PING, body));
      if (type === SYN_STREAM) {
        opened.push(body.readUInt32BE(0) & ID_MASK);
        inflate.write(body.subarray(SYN_STREAM_HEAD));
      }
    }
  };
  socket.on('data', take);
  take(head);
  return {
    write({ id }, data, last) {
      for (let from = 0; from < data.length; from += LONGEST_DATA)
        socket.write(dataFrame(id, data.subarray(from, from + LONGEST_DATA), false));
      if (last) socket.write(dataFrame(id, Buffer.alloc(0), true));
    },
  };
}
