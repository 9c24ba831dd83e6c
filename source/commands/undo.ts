import { carryOut } from './carry-out.ts';
import { withSession } from './cluster.ts';
import type { Run } from './command.ts';

export const undo: Run = (call) =>
  withSession(call, { resources: ['nodes', 'pods'], writes: true }, async (session) =>
    carryOut(call, session, await session.planUndo(call.arguments[0])),
  );
