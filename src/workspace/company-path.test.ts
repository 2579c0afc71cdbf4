import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../base/failure.ts';
import { companyPath, resolveInCompany } from './company-path.ts';

const outside = { failure: { code: 'path.outside' } };
const guarded = { failure: { code: 'path.protected' } };

describe('a path of the company', () => {
  it('has one spelling', () => {
    expect(companyPath('./memory//customers/./ada.md')).toBe('memory/customers/ada.md');
    expect(companyPath('.cairn/policy.yaml')).toBe('.cairn/policy.yaml');
  });

  it('has no parts that lead elsewhere, whatever is written', () => {
    const part = fc.constantFrom(
      'a',
      '..',
      '.',
      '',
      '.git',
      '.GIT',
      '.git ',
      'git~1',
      'C:',
      '\\',
      '\0',
      '...',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const given = parts.join('/');
        const result = attempt(() => companyPath(given));
        if (result instanceof AppError) {
          expect(['path.outside', 'path.protected']).toContain(result.code);
        } else {
          expect(join('/company', result).startsWith('/company/')).toBe(true);
          expect(result.toLowerCase().split('/')).not.toContain('.git');
        }
      }),
    );
  });
});

describe('a file of the company on disk', () => {
  let home: string;
  let root: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'cairn-path-'));
    root = join(home, 'company');
    mkdirSync(join(root, 'memory'), { recursive: true });
    mkdirSync(join(root, '.git'));
    writeFileSync(join(home, 'secret'), 'secret');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('may exist or not', async () => {
    writeFileSync(join(root, 'memory/a.md'), '');
    expect(await resolveInCompany(root, 'memory/a.md')).toBe(join(root, 'memory/a.md'));
    expect(await resolveInCompany(root, 'new/folder/b.md')).toBe(join(root, 'new/folder/b.md'));
  });

  it('may be reached by a link that stays inside', async () => {
    symlinkSync('memory', join(root, 'notes'));
    expect(await resolveInCompany(root, 'notes/a.md')).toBe(join(root, 'notes/a.md'));
  });

  it('is found in a company that is itself reached by a link', async () => {
    symlinkSync(root, join(home, 'link'));
    expect(await resolveInCompany(join(home, 'link'), 'a.md')).toBe(join(home, 'link/a.md'));
  });

  it.each<[string, string]>([
    ['a folder outside', '..'],
    ['a file outside', '../secret'],
    ['something outside that does not exist', '../nothing-yet'],
    ['itself', 'link'],
  ])('is not reached by a link to %s', async (_, target) => {
    symlinkSync(target, join(root, 'link'));
    await expect(resolveInCompany(root, 'link')).rejects.toMatchObject(outside);
    await expect(resolveInCompany(root, 'link/a.md')).rejects.toMatchObject(outside);
  });

  it('is not reached by a link into git’s own folder', async () => {
    symlinkSync('.git', join(root, 'link'));
    await expect(resolveInCompany(root, 'link/config')).rejects.toMatchObject(guarded);
  });
});

function attempt<T>(action: () => T): T | AppError {
  try {
    return action();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
}
