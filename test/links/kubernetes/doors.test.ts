import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDoors, LOCAL_DOORS, type Door } from '../../../source/links/kubernetes/doors.ts';
import { newAuthority } from '../../../source/sandbox/certificates.ts';
import { connect, failureOf, NODE, NODES, ok, serve } from './connected.ts';
import { FakeClock } from './fake-clock.ts';
import { freePort, json, refusal, until } from './scripted-server.ts';

describe('doors', () => {
  test.each([
    {
      first: 'https://10.1.0.11:6443',
      tried: ['https://10.1.0.11:6443', 'https://127.0.0.1:7443', 'https://10.1.0.12:6443'],
    },
    {
      first: 'https://127.0.0.1:6443',
      tried: ['https://127.0.0.1:6443', 'https://127.0.0.1:7443', 'https://10.1.0.12:6443'],
    },
    { first: 'https://127.0.0.1:40123', tried: ['https://127.0.0.1:40123', 'https://127.0.0.1:7443'] },
    { first: 'https://localhost:8443', tried: ['https://localhost:8443', 'https://127.0.0.1:7443'] },
    { first: 'https://[::1]:8443', tried: ['https://[::1]:8443', 'https://127.0.0.1:7443'] },
  ])('from $first: $tried', ({ first, tried }) => {
    const doors = createDoors(new FakeClock(), LOCAL_DOORS, () => undefined);
    doors.masters(['10.1.0.12']);
    expect(doors.order(first, true)).toEqual(tried);
  });

  test('start anew when the kubeconfig names another first one', () => {
    const told: Door[] = [];
    const doors = createDoors(new FakeClock(), [], (door) => told.push(door));
    doors.order('https://10.1.0.11:6443', true);
    doors.answered('https://10.1.0.11:6443', 'https://10.1.0.11:6443');
    expect(doors.order('https://10.1.0.21:6443', true)).toEqual(['https://10.1.0.21:6443']);
    doors.answered('https://10.1.0.21:6443', 'https://10.1.0.21:6443');
    expect(told.at(-1)).toEqual({ address: 'https://10.1.0.21:6443', first: true });
  });

  test('another is tried when the first does not answer, kept, and left when the first is back', async () => {
    const port = await freePort();
    const second = await serve((_, answer) => json(answer, 200, { door: 'second' }));
    const clock = new FakeClock();
    const told: Door[] = [];
    const { connection } = connect(
      `https://127.0.0.1:${port}`,
      {},
      { clock, onDoor: (door) => told.push(door), localDoors: [`https://127.0.0.1:${await freePort()}`] },
    );
    expect((await failureOf(connection)).kind).toBe('refused');
    connection.doors([second.url]);
    expect(await connection.json(NODES)).toEqual({ door: 'second' });
    expect(await connection.json(NODES)).toEqual({ door: 'second' });
    expect(told).toEqual([{ address: second.url, first: false }]);

    const first = await serve((_, answer) => json(answer, 200, { door: 'first' }), { port });
    await connection.json(NODES);
    expect(first.asked).toHaveLength(0);
    await clock.advance(61_000);
    await connection.json(NODES);
    await until(() => told.length === 2);
    expect(told[1]).toEqual({ address: first.url, first: true });
    expect(await connection.json(NODES)).toEqual({ door: 'first' });
    expect(first.asked[0]?.url.pathname).toBe('/version');
  });

  test('a write that was not sent goes through another door; one that was sent does not', async () => {
    const second = await serve(ok);
    const away = connect(`https://127.0.0.1:${await freePort()}`).connection;
    away.doors([second.url]);
    expect(await away.json(NODE)).toEqual({ ok: true });

    const first = await serve(() => first.cut());
    const cut = connect(first.url).connection;
    cut.doors([second.url]);
    expect(await failureOf(cut, NODE)).toMatchObject({ kind: 'unreachable', sent: true });
    expect(second.asked).toHaveLength(1);
  });

  test('none is used where the server is not verified, or where the first door says no', async () => {
    const second = await serve(ok);
    const blind = connect(`https://127.0.0.1:${await freePort()}`, { verify: false }).connection;
    blind.doors([second.url]);
    expect((await failureOf(blind)).kind).toBe('refused');

    const first = await serve((_, answer) => json(answer, 503, refusal(503, 'ServiceUnavailable', 'starting')));
    const { connection } = connect(first.url);
    connection.doors([second.url]);
    expect((await failureOf(connection)).kind).toBe('starting');
    const strange = connect(first.url, { ca: newAuthority(new Date(), 'other').caPem }).connection;
    strange.doors([second.url]);
    expect((await failureOf(strange)).kind).toBe('certificate');
    expect(second.asked).toHaveLength(0);
  });

  test('none is used where the system decides whom to trust: anyone can have a certificate for a name of their own', async () => {
    let knocks = 0;
    const second = createServer().on('connection', () => (knocks += 1));
    await new Promise<void>((resolve) => second.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void second.close());
    const address = `https://127.0.0.1:${(second.address() as AddressInfo).port}`;
    const { connection } = connect(`https://127.0.0.1:${await freePort()}`, { ca: null }, { localDoors: [address] });
    connection.doors([address]);
    expect((await failureOf(connection)).kind).toBe('refused');
    expect(knocks).toBe(0);
  });

  test('what is no address of an API server is no door', async () => {
    const { connection } = connect(`https://127.0.0.1:${await freePort()}`);
    connection.doors(['10.1.0.1', 'fd00::1', 'http://10.1.0.2:6443', 'ftp://10.1.0.3', 'https://', 'not an address']);
    expect(connection.otherDoors()).toEqual(['https://10.1.0.1:6443', 'https://[fd00::1]:6443']);
    connection.doors(['https://10.1.0.4:6443', 'fe80::1%eth0', '10.1.0.5/path', 'user@10.1.0.6', '']);
    expect(connection.otherDoors()).toEqual(['https://10.1.0.4:6443']);
  });

  test('another door must hold the same CA', async () => {
    const stranger = await serve(ok, { signedBy: newAuthority(new Date(), 'stranger') });
    const { connection } = connect(`https://127.0.0.1:${await freePort()}`);
    connection.doors([stranger.url]);
    expect((await failureOf(connection)).kind).toBe('refused');
    expect(stranger.asked).toHaveLength(0);
  });
});
