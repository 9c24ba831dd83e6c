import dns from 'node:dns';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { age } from '../../source/text/age.ts';
import { changeWorld, untrue, type AtEnd } from '../console/faults/live-screen.tsx';
import { startConnectProxy } from './connect-proxy.ts';
import { PATIENT, BEGINNINGS, openAt, passUntil, rightAgain, show, startPlace, type Place } from './place.tsx';

const HOUR = 3_600_000;

const opened = async (atEnd: AtEnd, place: Place, given: Parameters<typeof openAt>[2] = {}) => {
  const session = await openAt(atEnd, place, given);
  const screen = show(atEnd, session, place);
  return { session, screen, text: () => screen.text().replaceAll(place.wire.url, 'SERVER') };
};

const untilTrue = (place: Place, screen: Awaited<ReturnType<typeof opened>>['screen']) =>
  passUntil(place, () => untrue(screen.screen(), place.box) === null, 'the first picture');

test.concurrent.for([HOUR, -HOUR])(
  'a clock that is off by %d ms: no age below zero, nothing expired',
  PATIENT,
  async (off, context) => {
    const atEnd = context.onTestFinished;
    const place = await startPlace(atEnd);
    const { clock } = place;
    const now = () => clock.now() + off;
    const wrong = { ...clock, now, timers: { ...clock.timers, now } };
    place.write(place.box.kubeconfig());
    const { session, screen, text } = await opened(atEnd, { ...place, clock: wrong });
    await untilTrue(place, screen);
    changeWorld(place.box, 'par1-worker-1');
    await rightAgain(place, session, screen);
    screen.press('\r');
    await screen.untilText('Conditions');
    expect(text()).not.toMatch(/-\d+[smhd]|expired|NaN/);
    screen.press('q');
    await screen.untilGone('Conditions');
    await place.box.pause();
    await passUntil(
      { clock: wrong },
      () => / ! stale \d+/.test(screen.screen()[0] ?? ''),
      'the age of the last picture',
    );
    const told = / ! stale (\S+)/.exec(screen.screen()[0] ?? '')?.[1];
    // The age is one of what was heard here, by the clock here.
    expect([0, 10, 20, 30, 40, 50, 60, 70, 80, 90].map((seconds) => age(seconds * 1_000))).toContain(told);
    await place.box.resume();
    await rightAgain(place, session, screen);
  },
);

/** Passes bytes on from an address of this machine to a port of another. */
async function passOn(host: string, port: number, onward: number) {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    const other = connect(onward, '127.0.0.1');
    sockets.add(socket).add(other);
    socket.on('error', () => other.destroy());
    other.on('error', () => socket.destroy());
    socket.pipe(other).pipe(socket);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** DNS for one name, by this process alone. */
function resolving(name: string) {
  const resolved = { address: '127.0.0.1' };
  const asked = dns.lookup;
  const lookup = (host: string, ...rest: unknown[]) => {
    if (host !== name) {
      (asked as (...all: unknown[]) => void)(host, ...rest);
      return;
    }
    const [options, done] = rest as [{ all?: boolean }, (...answer: unknown[]) => void];
    const { address } = resolved;
    if (options.all === true) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  };
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(lookup);
  return { resolved, end: () => spy.mockRestore() };
}

test('a name that leads to another address by now is found there', PATIENT, async ({ onTestFinished: atEnd }) => {
  const place = await startPlace(atEnd);
  const { resolved, end } = resolving('api.moved.example');
  atEnd(end);
  const there = await passOn('127.0.0.1', 0, place.box.port);
  const server = `https://api.moved.example:${there.port}`;
  place.write(place.box.kubeconfig().replace(place.box.url, `${server}\n      tls-server-name: localhost`));
  const { session, screen } = await opened(atEnd, place);
  await untilTrue(place, screen);
  await there.close();
  await passUntil(place, () => screen.screen()[0]?.includes(' ! stale ') === true, 'the last picture');
  const moved = await passOn('127.0.0.2', there.port, place.box.port);
  atEnd(moved.close);
  resolved.address = '127.0.0.2';
  changeWorld(place.box, 'par1-worker-1');
  await rightAgain(place, session, screen);
});

test(
  'the proxy that the environment names is used by everything, named when it does not answer, and found again',
  PATIENT,
  async ({ onTestFinished: atEnd }) => {
    const place = await startPlace(atEnd);
    const proxy = await startConnectProxy();
    atEnd(proxy.close);
    const server = `https://api.cluster.example:${place.box.port}`;
    place.write(place.box.kubeconfig().replace(place.box.url, `${server}\n      tls-server-name: localhost`));
    const environment = { HTTPS_PROXY: proxy.url, NO_PROXY: '10.0.0.0/8,.svc' };
    const { session, screen } = await opened(atEnd, place, { environment, onThisThread: false });
    await untilTrue(place, screen);
    expect(new Set(proxy.asked)).toEqual(new Set([`api.cluster.example:${place.box.port}`]));
    proxy.refusal = 503;
    place.box.dropConnections();
    const told = `Cannot watch nodes at ${server} through the proxy ${proxy.url}: the proxy opens no way there (503); check HTTPS_PROXY and that the proxy lets through to that server.`;
    await passUntil(place, () => screen.text().includes(told), told);
    expect(screen.text().match(BEGINNINGS)).toHaveLength(1);
    proxy.refusal = undefined;
    changeWorld(place.box, 'par1-worker-1');
    await rightAgain(place, session, screen);
  },
);
