import { afterEach, describe, expect, it } from 'vitest';
import { manualClock, startSandbox, type ManualClock, type Sandbox } from '../../../source/sandbox/sandbox.ts';
import { clientOf } from '../client.ts';
import { sample } from '../etcd/ask.ts';

const NAME = 'apiserver_client_certificate_expiration_seconds';
/** Bounds in days, as Go writes so many seconds. */
const BOUNDS = { 7: '604800', 30: '2.592e+06', 180: '1.5552e+07' } as const;

let sandbox: Sandbox;
let clock: ManualClock;
const begin = async (scene = 'standard'): Promise<void> => {
  clock = manualClock();
  sandbox = await startSandbox({ scene, clock, heartbeats: false, churn: false });
};
afterEach(() => sandbox.stop());

const page = async (): Promise<string> => {
  const client = clientOf(sandbox);
  const { text } = await client.ask('GET', '/metrics');
  client.close();
  return text;
};
const upTo = (text: string, days: keyof typeof BOUNDS): number => sample(text, `${NAME}_bucket{le="${BOUNDS[days]}"}`);

describe('what the API server measures of client certificates', () => {
  it('counts each request by what its certificate had left, once', async () => {
    await begin();
    const before = sample(await page(), `${NAME}_count`);
    const text = await page();
    expect(sample(text, `${NAME}_count`)).toBe(before + 1);
    expect([upTo(text, 180), sample(text, `${NAME}_bucket{le="+Inf"}`)]).toEqual([0, before + 1]);
  });

  it('counts what the components ask meanwhile', async () => {
    await begin();
    await page();
    clock.advance(60_000);
    expect(sample(await page(), `${NAME}_count`)).toBeGreaterThan(60);
  });

  it('has certificates that end soon where the scene has', async () => {
    await begin('certificates-near-expiry');
    clock.advance(60_000);
    const text = await page();
    expect([upTo(text, 7), upTo(text, 30)]).toEqual([0, sample(text, `${NAME}_count`)]);
  });

  it('counts nobody who comes by a token', async () => {
    await begin();
    const before = sample(await page(), `${NAME}_count`);
    const byToken = clientOf(sandbox, 'reader', 'token');
    expect((await byToken.ask('GET', '/metrics')).status).toBe(200);
    byToken.close();
    expect(sample(await page(), `${NAME}_count`)).toBe(before + 1);
  });
});
