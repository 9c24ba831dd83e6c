/** With SEED in the environment the properties try what they tried in another run with it. */
import fc from 'fast-check';

const { SEED } = process.env;
if (SEED !== undefined) fc.configureGlobal({ seed: Number(SEED) });
