import { describe, expect, test } from 'vitest';
import { valueOf } from '../../source/model/reading.ts';
import { LEADER_LEASES } from '../../source/product/services.ts';
import type { Session } from '../../source/session/session.ts';
import { controlPlanePicture, type ControlPlanePicture } from '../../source/state/control-plane.ts';
import { isLive, open, optionsFor, startBox, temporaryFolder, until } from './boxed.ts';

const pictureOf = ({ store, now }: Session): ControlPlanePicture => controlPlanePicture(store.state, now());

/** A session that looks at the control plane, once all of it has answered or cannot. */
async function lookedAt(scene: string) {
  const box = await startBox({ scene });
  const session = await open(optionsFor(box, temporaryFolder()));
  session.attend('control-plane');
  const isTold = (shelf: ReadonlyMap<string, unknown>, addresses: readonly string[]) =>
    addresses.every((address) => shelf.has(address));
  await until(session.store, (state) => {
    const servers = pictureOf(session).apiServers.map(({ address }) => address);
    const { leases, backups, apiServer, certificate, clientCertificates } = state.asked;
    const ingress = [':8443', ':443'].every((port) => [...certificate.keys()].some((where) => where.endsWith(port)));
    return (
      isLive(state) &&
      leases.size + backups.size + clientCertificates.size === 3 &&
      isTold(apiServer, [...servers, box.url]) &&
      isTold(certificate, [...servers, 'the kubeconfig']) &&
      ingress
    );
  });
  return { box, picture: pictureOf(session) };
}

describe('the control plane of a cluster in a box', () => {
  test('is seen whole where its masters can be reached, with certificates near their end', async () => {
    const { box, picture } = await lookedAt('certificates-near-expiry');
    // Who is not root cannot open the port of the workload ingress.
    const certificates = picture.certificates.filter(({ what }) => what !== 'workload ingress');
    const { apiServers, clients, leaders, services, nodes, backup } = picture;
    expect(apiServers.map(({ health, failing, lostSince }) => [health.state, failing, lostSince])).toEqual(
      Array(4).fill(['known', [], null]),
    );
    expect(apiServers.map(({ node }) => node === null)).toEqual([false, false, false, true]);
    expect(certificates.map(({ what, daysLeft, renewal }) => [what, daysLeft, renewal])).toEqual([
      ...Array.from({ length: 4 }, () => ['API server', 11, 'overdue']),
      ['client of the kubeconfig', 24, 'overdue'],
      ['control-plane ingress', 364, 'not-due'],
      ['CA of the cluster', 3649, 'not-due'],
    ]);
    expect(certificates.flatMap(({ certificate }) => valueOf(certificate)?.distrust ?? [])).toEqual([]);
    expect(
      certificates
        .filter(({ certificate }) => typeof valueOf(certificate)?.unverified === 'string')
        .map(({ what }) => what),
    ).toEqual(['control-plane ingress']);
    const counted = valueOf(clients);
    expect(counted?.requests).toBeGreaterThan(0);
    expect((counted?.atLeast ?? NaN) / 86_400).toBe(7);
    expect(leaders.map(({ name, standing }) => [name, standing])).toEqual(LEADER_LEASES.map((name) => [name, 'held']));
    expect(services.filter(({ standing }) => standing !== 'serving')).toEqual([]);
    const pods = valueOf(nodes)?.flatMap((one) => one.pods) ?? [];
    expect(pods.length).toBeGreaterThan(10);
    expect(pods.filter(({ standing }) => standing !== 'serving')).toEqual([]);
    expect(valueOf(backup)?.newest?.outcome).toBe('done');
    const asked = (path: string) => box.requests.filter((request) => request.path.startsWith(path)).length;
    expect([asked('/apis/coordination.k8s.io/'), asked('/apis/batch/')]).toEqual([1, 1]);
  });

  test('at the end of a tunnel is asked through it alone, and says so', async () => {
    const { picture } = await lookedAt('standard');
    const own = 'this machine reaches the cluster through https://127.0.0.1:';
    const standing = picture.apiServers.map(({ node, health }) => [
      node === null,
      health.state === 'absent' ? health.why.includes(own) : health.state,
    ]);
    expect(standing).toEqual([
      [false, true],
      [false, true],
      [false, true],
      [true, 'known'],
    ]);
    expect(picture.certificates.map(({ what, certificate }) => [what, certificate.state])).toEqual([
      ['API server', 'known'],
      ['client of the kubeconfig', 'known'],
      ['CA of the cluster', 'known'],
      ['API server', 'absent'],
      ['control-plane ingress', 'absent'],
      ['API server', 'absent'],
      ['API server', 'absent'],
      ['workload ingress', 'absent'],
    ]);
  });
});
