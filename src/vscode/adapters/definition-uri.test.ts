import { expect, it } from 'vitest';
import { definitionPath, readDefinitionPath } from './definition-uri.ts';

it('names a definition of a run, and is read again', () => {
  for (const side of ['pinned', 'current'] as const) {
    const named = { run: '20261120-content-loop-ab12', side };
    expect(readDefinitionPath(definitionPath(named))).toEqual(named);
  }
});

it.each(['', '/', '/run/other.yaml', '/../pinned.yaml', '/a/b/pinned.yaml', '/Run/pinned.yaml'])(
  'is nothing for %j',
  (path) => {
    expect(readDefinitionPath(path)).toBeUndefined();
  },
);
