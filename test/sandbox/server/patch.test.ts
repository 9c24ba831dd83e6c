import { assert, constant, dictionary, jsonValue, letrec, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectBody, operationsBody } from '../../../source/sandbox/server/body.ts';
import {
  equal,
  jsonPatch,
  mergePatch,
  UnprocessablePatch,
  type Json,
  type JsonObject,
  type JsonPatchOperation,
} from '../../../source/sandbox/server/patch.ts';

describe('a body', () => {
  it('has no field that would be taken for a prototype, however it is written', () => {
    const { ['a']: inner = null, ...outer } = objectBody('{"__proto__":{"x":1},"a":{"\\u005f_proto__":{"x":1},"b":2}}');
    expect(outer).toEqual({});
    expect(JSON.stringify(inner)).toBe('{"b":2}');
    const [operation] = operationsBody('[{"op":"add","path":"/a","value":{"__proto__":{"x":1},"b":2}}]');
    expect(JSON.stringify(operation?.value)).toBe('{"b":2}');
  });
});

describe('a JSON patch', () => {
  const cases: [told: string, document: JsonObject, operations: JsonPatchOperation[], result: JsonObject | null][] = [
    ['adds a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['adds to the end of a list', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['adds into a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['adds nothing behind the end of a list', { a: [1] }, [{ op: 'add', path: '/a/5', value: 2 }], null],
    ['adds nothing to a list that is not there', {}, [{ op: 'add', path: '/a/-', value: 2 }], null],
    ['reads ~1 as a slash and ~0 as a tilde', { 'a/b~c': 1 }, [{ op: 'remove', path: '/a~1b~0c' }], {}],
    ['removes nothing that is not there', {}, [{ op: 'remove', path: '/a' }], null],
    ['replaces', { a: [1, 2] }, [{ op: 'replace', path: '/a/0', value: 5 }], { a: [5, 2] }],
    ['replaces nothing that is not there', {}, [{ op: 'replace', path: '/a', value: 5 }], null],
    ['moves', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    ['copies', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    [
      'tests whole values in any order of fields',
      { a: { b: 1, c: 2 } },
      [{ op: 'test', path: '/a', value: { c: 2, b: 1 } }],
      { a: { b: 1, c: 2 } },
    ],
    [
      'fails with a test',
      { a: 1 },
      [
        { op: 'add', path: '/b', value: 1 },
        { op: 'test', path: '/a', value: 2 },
      ],
      null,
    ],
    ['tests for absence by null', { a: {} }, [{ op: 'test', path: '/a/taints', value: null }], { a: {} }],
    ['fails to find absence where something is', { a: [] }, [{ op: 'test', path: '/a', value: null }], null],
    ['adds nothing in the place of a prototype', {}, [{ op: 'add', path: '/__proto__', value: { a: 1 } }], null],
    ['knows no other operation', {}, [{ op: 'frob', path: '/x' }], null],
  ];
  it.each(cases)('%s', (_told, document, operations, result) => {
    const before = structuredClone(document);
    if (result === null) expect(() => jsonPatch(document, operations)).toThrow(UnprocessablePatch);
    else expect(jsonPatch(document, operations)).toEqual(result);
    expect(document).toEqual(before);
  });
});

const { object } = letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: jsonValue({ maxDepth: 2 }).map((value) => value as Json),
  object: dictionary(
    string({ minLength: 1 }).filter((key) => key !== '__proto__'),
    tie('value'),
  ).map((entries) => entries as JsonObject),
}));

describe('a merge patch', () => {
  it.each<[JsonObject, JsonObject, JsonObject]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: ['c', 'd'] }, { a: ['c', 'd'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: 'foo' }, { a: { b: { c: null } } }, { a: { b: {} } }],
  ])('makes of %j by %j: %j', (document, patch, result) => expect(mergePatch(document, patch)).toEqual(result));

  it('applied again changes nothing more', () => {
    assert(
      property(object, object, (document, patch) => {
        const once = mergePatch(document, patch);
        return equal(mergePatch(once, patch), once);
      }),
    );
  });

  it('that is empty changes nothing', () => {
    assert(property(object, constant({}), (document, patch) => equal(mergePatch(document, patch), document)));
  });
});
