// What the fast tier asks of the sandbox, asked of real servers.
import { describe } from 'vitest';
import { describeConsole, givenCluster } from '../both/suites.ts';
import { describeUntaint } from '../both/untaint.ts';
import { startSameSite } from './real-cluster.ts';

const given = givenCluster(startSameSite);
describeConsole(given);
describe('the screen', () => describeUntaint(given));
