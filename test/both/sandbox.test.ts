// What the real tier asks of real servers, asked of the sandbox.
import { startSandboxCluster } from './sandbox-cluster.ts';
import { describeConsole, givenCluster } from './suites.ts';

describeConsole(givenCluster(() => startSandboxCluster()));
