import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changeWorld, untrue } from '../console/faults/live-screen.tsx';
import { PATIENT, BEGINNINGS, openAt, passUntil, rightAgain, show, startPlace, type Place } from './place.tsx';

/** `user` is what the kubeconfig says of it in place of a token. */
type Login = { readonly name: string; readonly user: (place: Place) => string };

const tokenFile = ({ folder }: Place) => join(folder, 'token');
const keep = (place: Place) => writeFileSync(tokenFile(place), place.box.token('admin'));

/** A credential plugin that prints what the token file holds, and notes each run. */
function plugin(place: Place): string {
  const file = join(place.folder, 'plugin.sh');
  const answer = '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}';
  writeFileSync(file, `#!/bin/sh\necho run >> ${runs(place)}\nprintf '${answer}' "$(cat ${tokenFile(place)})"\n`);
  chmodSync(file, 0o700);
  return file;
}

const runs = ({ folder }: Place) => join(folder, 'runs');
const countRuns = (place: Place) =>
  existsSync(runs(place)) ? readFileSync(runs(place), 'utf8').trim().split('\n').length : 0;

const NOT_ACCEPTED =
  'Cannot watch nodes at SERVER: the server does not accept the credentials (401); renew the certificate or token of this user in the kubeconfig.';

const LOGINS: readonly Login[] = [
  {
    name: 'a token file',
    user: (place) => `tokenFile: ${tokenFile(place)}`,
  },
  {
    name: 'an exec plugin',
    user: (place) => {
      const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin(place), interactiveMode: 'Never' };
      return `exec: ${JSON.stringify(exec)}`;
    },
  },
];

async function opened(login: Login, atEnd: Parameters<typeof startPlace>[0]) {
  const place = await startPlace(atEnd);
  keep(place);
  place.write(place.wire.kubeconfig().replace(/token: \S+/, login.user(place)));
  const session = await openAt(atEnd, place);
  const screen = show(atEnd, session, place);
  await passUntil(place, () => untrue(screen.screen(), place.box) === null, 'the first picture');
  return { place, session, screen };
}

test.concurrent.for(LOGINS)(
  '$name that is rotated in the middle is read again, and nobody notices',
  PATIENT,
  async (login, context) => {
    const { place, session, screen } = await opened(login, context.onTestFinished);
    const told: string[] = [];
    session.store.subscribe(() => {
      const { status } = session.store.state.resources.nodes;
      if ('why' in status) told.push(status.why);
    });
    place.box.rotateToken('admin');
    keep(place);
    place.wire.cut();
    changeWorld(place.box, 'par1-worker-1');
    await rightAgain(place, session, screen);
    expect(told.filter((why) => why.includes('401'))).toEqual([]);
    if (login.name === 'an exec plugin') expect(countRuns(place)).toBe(2);
  },
);

test.concurrent.for(LOGINS)(
  '$name that is taken back is told, and good again without a restart',
  PATIENT,
  async (login, context) => {
    const { place, session, screen } = await opened(login, context.onTestFinished);
    place.box.rotateToken('admin');
    place.wire.cut();
    const text = () => screen.text().replaceAll(place.wire.url, 'SERVER');
    await passUntil(place, () => text().includes(NOT_ACCEPTED), NOT_ACCEPTED);
    expect(text().match(BEGINNINGS)).toHaveLength(1);
    expect(screen.screen()[0]).toMatch(/ ! stale \d+(s|m|m\d+s) +\d\d:\d\d$/);
    keep(place);
    await rightAgain(place, session, screen);
  },
);
