import { describe, expect, test } from 'vitest';
import { AppError, type Failure } from '../base/failure.ts';
import { findSecrets, refuseSecrets } from './secrets.ts';

// Put together here, so that no scanner takes this file itself for a leak.
const samples: readonly (readonly [kind: string, ...parts: string[]])[] = [
  ['an AWS access key', 'AKIA', 'IOSFODNN7EXAMPLE'],
  ['an API key', 'sk-', 'proj-a1B2c3D4e5F6g7H8i9J0'],
  ['a GitHub token', 'ghp_', 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8'],
  ['a Slack token', 'xoxb-', '123456789012-abcdefghij'],
  ['a Stripe key', 'sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'],
  ['a Google API key', 'AIza', 'SyA1234567890abcdefghijklmnopqrstuv'],
  ['a private key', '-----BEGIN RSA ', 'PRIVATE KEY-----'],
  ['a signed token', 'eyJhbGciOiJIUzI1NiJ9.', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'],
  ['a password in an address', 'postgres://studio:', 'hunter2hunter2@db.example.com/crm'],
  ['a key or password', 'MAIL_API_KEY=', 'q7Zt0Xw2Lk9Vb4Rn8Ys3Pd6'],
  ['a key or password', '"clientSecret": "', 'Zx9+Qw3/Er7Ty1Ui5Op2As4Df6"'],
];

describe('what looks like a secret is found', () => {
  test.each(samples)('%s', (kind, ...parts) => {
    expect(findSecrets('drafts/a.md', `# Notes\n\nUse ${parts.join('')} for it.\n`)).toEqual([
      { path: 'drafts/a.md', line: 3, kind },
    ]);
  });
});

describe('what only resembles one is left alone', () => {
  test.each([
    'Key message: a quieter shop window sells more bread.',
    'key: memory/voice/house-voice-and-tone-2026.md',
    'token: northwind-rebrand-feedback-2026',
    'The task-management-and-planning2 board is full.',
    'OPENAI_API_KEY=your-key-here',
    'SECRET=${{ secrets.MAIL_PASSWORD_2026 }}',
    'Commit 4e7f0901a2b3c4d5e6f708192a3b4c5d6e7f8091 was applied.',
    'See https://example.com/a?b=1 or mail studio@example.com.',
    'The password: ask Rosa before the next visit, 2 days ahead.',
  ])('%s', (text) => {
    expect(findSecrets('a.md', text)).toEqual([]);
  });
});

function refusalOf(work: () => void): Failure {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.failure;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

test('a refusal names file, line and kind, and never the secret', () => {
  const secret = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
  const files = [
    { path: 'drafts/a.md', text: 'fine\n' },
    { path: 'drafts/b.md', text: `one\n${secret}\n${secret}\n` },
  ];
  const failure = refusalOf(() => {
    refuseSecrets(files);
  });
  expect(failure).toMatchObject({ code: 'policy.denied', at: { file: 'drafts/b.md', line: 2 } });
  expect(failure.message).toBe('The proposed text holds what looks like an AWS access key, and 1 more.');
  expect(JSON.stringify(failure)).not.toContain(secret);
});

test('text without a secret passes', () => {
  expect(() => {
    refuseSecrets([{ path: 'a.md', text: 'Bread, twice a day.' }]);
  }).not.toThrow();
});

test('two megabytes on one line take no time', () => {
  for (const unit of ['sk-', 'key', 'eyJ', 'a', '://a:', '-----BEGIN ']) {
    const started = performance.now();
    findSecrets('a.md', unit.repeat(Math.ceil(2_000_000 / unit.length)));
    expect(performance.now() - started).toBeLessThan(2_000);
  }
});

test('a secret that is set is found by its value, whatever it looks like, and its value is not told', () => {
  const known = [
    { name: 'shop-key', value: 'plain words' },
    { name: 'short', value: 'a' },
  ];
  expect(findSecrets('a.md', 'Good\nday: plain words.', known)).toEqual([
    { path: 'a.md', line: 2, kind: 'the secret “shop-key”' },
  ]);
  expect(findSecrets('a.md', 'a plain word', known)).toEqual([]);
});
