import { describe, expect, it } from 'vitest';
import { masked } from '../../source/state/masking.ts';
import { spent } from '../spent.ts';

describe('masking', () => {
  it.each([
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl', '***'],
    ['used eyJhbGciOiJIUzI1NiJ9.e.x, twice', 'used ***, twice'],
    ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer ***'],
    ['my-service-account-token: "abc"', 'my-service-account-token: "***"'],
    ['DB_PASSWORD=hunter2;x', 'DB_PASSWORD=***;x'],
    ['postgres://ada:hunter2@db/x', 'postgres://***@db/x'],
    ['a-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----b', 'a***b'],
    ['a-----BEGIN CERTIFICATE-----\ncut off', 'a***'],
    ['kubelet is posting ready status', 'kubelet is posting ready status'],
    ['see https://example.com/a@b', 'see https://example.com/a@b'],
  ])('%j', (text, wanted) => expect(masked({ in: [text] })).toEqual({ in: [wanted] }));

  const MEGABYTE = 2 ** 20;
  it.each([
    'a',
    'a-',
    'a://',
    'eyJ',
    '-eyJaaaaaaaa',
    '-----BEGIN ',
    '-----BEGIN A-----',
    'bearer ',
    'token ',
    'token   ',
    'token=" ',
    'http://x',
    ' ',
    '/',
  ])('takes a time that grows with the length alone: a megabyte of %j', (part) => {
    const text = part.repeat(MEGABYTE / part.length);
    expect(spent(() => masked(text))).toBeLessThan(3_000);
  });
});
