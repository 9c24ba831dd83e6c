import { checkEdit } from '../operations/edit.ts';
import type { NodeEdit } from '../operations/operation.ts';
import { ROLES, type Role } from '../product/roles.ts';
import { editNodes } from './edit.ts';
import type { Run } from './command.ts';
import { UsageError } from './exit.ts';
import type { Flags } from './flags.ts';
import { didYouMean } from './nearest.ts';

const SIGNS = ['+', '-'] as const;
type Sign = (typeof SIGNS)[number];

/** A word as the edit of a role, or null for one that begins with neither sign. Throws for a role that there is not. */
function readEdit(word: string): { readonly sign: Sign; readonly role: Role } | null {
  const sign = SIGNS.find((sign) => word.startsWith(sign));
  if (sign === undefined) return null;
  const role = ROLES.find((name) => name === word.slice(1));
  if (role !== undefined) return { sign, role };
  const signed = ROLES.filter((name) => name !== 'bootstrap').map((name) => sign + name);
  throw new UsageError(`There is no role "${word}"${didYouMean(word, signed) ?? `; say one of ${signed.join(', ')}.`}`);
}

function taintsOf(flags: Flags): Extract<NodeEdit, { kind: 'role' }>['taints'] {
  if (flags.taint && flags['no-taint'])
    throw new UsageError('--taint and --no-taint are opposites; give one of them, or none for what MetalK8s proposes.');
  return { mode: flags.taint ? 'dedicated' : flags['no-taint'] ? 'kept' : 'proposed' };
}

/** `role NODE… +ROLE… -ROLE…`; names and edits may be mixed, since no name of a node begins with a sign. */
export const role: Run = (call) => {
  const words = call.arguments.map((word) => ({ word, edit: readEdit(word) }));
  const given = (sign: Sign): Role[] => [
    ...new Set(words.flatMap(({ edit }) => (edit?.sign === sign ? [edit.role] : []))),
  ];
  const [add, remove] = [given('+'), given('-')];
  if (add.length + remove.length === 0)
    throw new UsageError('No role is given; write +ROLE to give one or -ROLE to take one away.');
  const edit: NodeEdit = { kind: 'role', add, remove, taints: taintsOf(call.flags) };
  checkEdit(edit);
  return editNodes(
    call,
    words.flatMap(({ word, edit: signed }) => (signed === null ? [word] : [])),
    edit,
  );
};
