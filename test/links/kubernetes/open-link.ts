import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { realClock } from '../../../source/links/kubernetes/clock.ts';
import { createConnection } from '../../../source/links/kubernetes/connection.ts';
import { openAccess } from '../../../source/links/kubernetes/credentials.ts';
import type { FollowEvent } from '../../../source/links/kubernetes/list-watch.ts';
import { createReader } from '../../../source/links/kubernetes/reader.ts';
import { createWriter } from '../../../source/links/kubernetes/writer.ts';
import type { Items, Resource, ResourceStatus } from '../../../source/model/cluster-event.ts';
import { Picture } from './picture.ts';

/** Waits of the link are this much shorter than for an operator. */
const HURRY = 10;

/** The whole way from a kubeconfig on disk, for one test. */
export async function openLink(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'link-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, text, { mode: 0o600 });
  const surroundings = { environment: {}, home: folder, root: folder };
  const access = await openAccess({ kubeconfig }, surroundings, { interactive: false, now: Date.now });
  const connection = createConnection({ access, userAgent: 'metalk8s-console/0', localDoors: [] });
  onTestFinished(connection.close);
  const clock = {
    now: realClock.now,
    after: (milliseconds: number, run: () => void) => realClock.after(milliseconds / HURRY, run),
  };
  const reader = createReader(connection, { clock, random: Math.random });
  const follow = <R extends Resource>(resource: R) => {
    const picture = new Picture<Items[R]>();
    const stop = new AbortController();
    const ended = reader.follow(
      resource,
      (event) => picture.take(event as unknown as FollowEvent<Items[R]>),
      stop.signal,
    );
    const end = () => {
      stop.abort();
      return ended;
    };
    onTestFinished(end);
    return { picture, end };
  };
  return { connection, reader, writer: createWriter(connection), follow, kubeconfig };
}

export const isLive = ({ status }: { readonly status: ResourceStatus | null }): boolean => status?.state === 'live';
