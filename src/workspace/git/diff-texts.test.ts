import { expect, it } from 'vitest';
import { diffTexts } from './diff-texts.ts';

const texts = (entries: Readonly<Record<string, string>>) => new Map(Object.entries(entries));

it('tells by file what has changed, what is new and what is gone', async () => {
  const before = texts({ 'a/b.yaml': 'one\ntwo\n', 'gone.md': 'old\n', 'same.md': 'same\n' });
  const after = texts({ 'a/b.yaml': 'one\n2\n', 'new.md': 'new\n', 'same.md': 'same\n' });
  expect((await diffTexts(before, after)).split('\n')).toEqual([
    '--- before/a/b.yaml',
    '+++ after/a/b.yaml',
    '@@ -1,2 +1,2 @@',
    ' one',
    '-two',
    '+2',
    '--- before/gone.md',
    '+++ /dev/null',
    '@@ -1 +0,0 @@',
    '-old',
    '--- /dev/null',
    '+++ after/new.md',
    '@@ -0,0 +1 @@',
    '+new',
  ]);
});

it('is empty when nothing differs', async () => {
  expect(await diffTexts(texts({ a: 'a\n' }), texts({ a: 'a\n' }))).toBe('');
});

it('keeps files inside its own folder, whatever they are called', async () => {
  const diff = await diffTexts(texts({}), texts({ '../../up.md': 'up\n', '/etc/x y': 'x\n' }));
  expect(diff).toContain('+++ after/_/_/up.md');
  expect(diff).toContain('+++ after/_/etc/x_y');
});
