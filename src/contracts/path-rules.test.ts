import { describe, expect, test } from 'vitest';
import { isProtectedPath, matchesAny, staysInside } from './path-rules.ts';

describe('protected paths', () => {
  test.each([
    '.git',
    '.git/config',
    '.cairn/policy.yaml',
    '.cairn/agents/qa.agent.md',
    'vendor/site/.git/hooks/pre-commit',
    '.gitmodules',
  ])('%s is protected', (path) => {
    expect(isProtectedPath(path)).toBe(true);
  });

  test.each([
    '.GIT/config',
    '.Cairn/policy.yaml',
    './.git/config',
    '.git./config',
    '.git /config',
    '.git::$INDEX_ALLOCATION/config',
    'git~1/config',
    '.g\u200cit/config',
    '.git\\config',
    'drafts//.git/config',
  ])('%s is the same to some file system, so it is protected too', (path) => {
    expect(isProtectedPath(path)).toBe(true);
  });

  test.each([
    'drafts/git.md',
    'drafts/.gitkeep',
    'cairn/policy.yaml',
    'AGENTS.md',
    '.github/workflows/site.yml',
  ])('%s is not', (path) => {
    expect(isProtectedPath(path)).toBe(false);
  });
});

test.each(['', '/etc/passwd', 'C:/x', 'c:x', '../x', 'drafts/../../x', 'drafts\\x', 'a\0b'])(
  '“%s” does not stay inside the company',
  (path) => {
    expect(staysInside(path)).toBe(false);
  },
);

test('ordinary paths stay inside, dots in names included', () => {
  expect(['drafts/a.md', '.env', 'a..b/c...md'].every(staysInside)).toBe(true);
});

test('globs count dot files, and no globs match nothing', () => {
  expect(matchesAny('drafts/.hidden.md', ['drafts/**'])).toBe(true);
  expect(matchesAny('drafts/a/b.md', ['drafts/*.md'])).toBe(false);
  expect(matchesAny('drafts/a.md', [])).toBe(false);
});
