import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposalQuery, readProposalQuery } from './proposal-uri.ts';

const version = 'a'.repeat(40);
const commit = 'b'.repeat(64);

describe('the query of a proposal document', () => {
  it('is read back as it was written', () => {
    const side = { proposal: '20261122-content-loop-7k2m/3', version, commit };
    expect(readProposalQuery(proposalQuery(side))).toEqual(side);
  });

  it.each([
    '',
    `proposal=../x/1&version=${version}&commit=${commit}`,
    `proposal=a/1&version=--help&commit=${commit}`,
    `proposal=a/1&version=${version}&commit=HEAD`,
    `proposal=a/1&version=${version}`,
  ])('is refused when it names no version: %s', (query) => expect(readProposalQuery(query)).toBeUndefined());

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readProposalQuery(text)).toBeUndefined();
      }),
    );
  });
});
