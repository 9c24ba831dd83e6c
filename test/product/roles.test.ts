import { expect, test } from 'vitest';
import {
  BOOTSTRAP_TAINTS,
  ROLE_LETTERS,
  ROLES,
  roleLabel,
  roleOfKey,
  TAINTED_ROLES,
} from '../../source/product/roles.ts';

test.each(ROLES)('the label of %s names it', (role) => {
  expect(roleLabel(role)).toBe(`node-role.kubernetes.io/${role}`);
  expect(roleOfKey(roleLabel(role))).toBe(role);
});

test.each([
  'node-role.kubernetes.io/worker',
  'node-role.kubernetes.io/',
  'node-role.kubernetes.io',
  'master',
  'x/master',
  '',
])('%j names no role', (key) => {
  expect(roleOfKey(key)).toBeNull();
});

test('each role has a letter of its own', () => {
  expect(new Set(Object.values(ROLE_LETTERS)).size).toBe(ROLES.length);
});

test('the taints of a bootstrap run are taints of roles', () => {
  expect(TAINTED_ROLES).toEqual(expect.arrayContaining([...BOOTSTRAP_TAINTS]));
});
