import { describe, expect, test } from 'vitest';
import { chooseCoreHost } from '../../../../electron/main/core-host.ts';

const NODE = '/usr/bin/node';

describe('where a core runs', () => {
  test.each([
    ['10', false, undefined],
    ['10', false, NODE],
    ['11', true, NODE],
  ])('N-API %s, packaged %s, Node %s: in a utility process', (napi, isPackaged, nodePath) => {
    expect(chooseCoreHost({ napi, isPackaged, nodePath })).toEqual({ kind: 'utility' });
  });

  test('N-API 9, as in Electron 33: in the Node that is named', () => {
    expect(chooseCoreHost({ napi: '9', isPackaged: false, nodePath: NODE })).toEqual({
      kind: 'node',
      nodePath: NODE,
    });
  });

  test.each([
    ['9', false, undefined],
    ['9', false, ''],
    [undefined, false, undefined],
    // An environment must not choose what an installed till executes.
    ['9', true, NODE],
  ])('N-API %s, packaged %s, Node %s: nowhere', (napi, isPackaged, nodePath) => {
    expect(chooseCoreHost({ napi, isPackaged, nodePath })).toEqual({ kind: 'none' });
  });
});
