import { afterAll, beforeAll, describe } from 'vitest';
import type { Cluster, Given } from './cluster.ts';
import { describeCommands } from './commands.ts';
import { describeEdits } from './edits.ts';
import { describeLink } from './link.ts';

/** Starts a cluster for the tests of a file and stops it after them. */
export function givenCluster(start: () => Promise<Cluster>): Given {
  let cluster: Cluster | undefined;
  beforeAll(async () => {
    cluster = await start();
  });
  afterAll(() => cluster?.stop());
  return () => {
    if (cluster === undefined) throw new Error('the cluster runs during tests only');
    return cluster;
  };
}

/** Everything that has to be true of every cluster. */
export function describeConsole(given: Given) {
  describe('the link', () => describeLink(given));
  describe('an edit', () => describeEdits(given));
  describe('a command', () => describeCommands(given));
}
