import { expect, it } from 'vitest';
import { plainNotice } from './markdown-text.ts';

it('no text makes a link, let alone a command, of a notification', () => {
  const text = 'Pay [now](command:cairn.approve)\n or [see](https://evil.example)?';
  expect(plainNotice(text)).toBe('Pay [now] (command:cairn.approve) or [see] (https://evil.example)?');
  expect(plainNotice(text)).not.toMatch(/\[[^\]]+\]\(/);
});
