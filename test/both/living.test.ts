// The console in a terminal on a sandbox that lives: heartbeats, jobs and rollouts go on while it is used.
import { startSandboxCluster } from './sandbox-cluster.ts';
import { describeWalks } from './walks.ts';
import { givenCluster } from './suites.ts';

describeWalks(givenCluster(() => startSandboxCluster({ heartbeats: true, churn: true })));
