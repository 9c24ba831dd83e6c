// The console in a terminal on a sandbox that lives: heartbeats, jobs and rollouts go on while it is used.
import { startSandboxCluster } from './sandbox-cluster.ts';
import { describeUntaint } from './untaint.ts';
import { givenCluster } from './suites.ts';

describeUntaint(givenCluster(() => startSandboxCluster({ heartbeats: true, churn: true })));
