import { expect } from 'vitest';
import type { FailureCode } from '../../src/base/failure.ts';
import type { FileEdit, PreparedApply, Proposed, Repository } from '../../src/contracts/repository.ts';

/** A repository, and the hands of its operator. */
export interface RepositoryUnderTest {
  readonly repository: Repository;
  write(path: string, content: string): void;
  remove(path: string): void;
  read(path: string): string | undefined;
  stage(path: string): void;
  /** Commits everything. */
  commit(message: string): string;
  /** All that belongs to the operator (HEAD, branches, index, work tree), to be compared. */
  own(): unknown;
  /** The paths with changes that are not committed. */
  uncommitted(): readonly string[];
  close(): void;
}

export type Files = Readonly<Record<string, string>>;
export type Open = (files: Files) => Promise<RepositoryUnderTest>;

/** Opens one for a test, with some files of its own or with `start`. */
export type At = (files?: Files) => Promise<RepositoryUnderTest>;

const agent = { name: 'Executor', email: 'executor@agents.example' };
export const run = '20260105-content-loop-ab12';
export const lines = (...changed: readonly [number, string][]) => {
  const text = Array.from({ length: 12 }, (_, at) => `line ${at + 1}`);
  for (const [line, content] of changed) text[line - 1] = content;
  return `${text.join('\n')}\n`;
};

export const start: Files = {
  'AGENTS.md': '# House rules\n',
  'briefs/spring.md': lines(),
  'memory/customers/ada.md': 'Ada likes blue.\n',
};

interface Asked {
  readonly n?: number;
  readonly version?: number;
  readonly base?: string;
  readonly message?: string;
}

export async function proposeOn(
  repository: Repository,
  edits: readonly FileEdit[],
  asked: Asked = {},
): Promise<Proposed> {
  return repository.propose({
    run,
    n: 1,
    version: 1,
    base: await repository.head(),
    author: agent,
    message: 'Draft the post',
    ...asked,
    edits,
  });
}

/** Prepares a proposal made on HEAD as it is now. */
export async function prepare(
  repository: Repository,
  edits: readonly FileEdit[],
  message = 'Draft the post',
) {
  const base = await repository.head();
  const { commit } = await proposeOn(repository, edits);
  return () => repository.prepareApply({ commit, base, message, author: agent });
}

export async function apply(
  repository: Repository,
  edits: readonly FileEdit[],
  message?: string,
): Promise<PreparedApply> {
  const prepared = await (await prepare(repository, edits, message))();
  await repository.completeApply(prepared);
  return prepared;
}

export async function textAt(
  repository: Repository,
  commit: string,
  path: string,
): Promise<string | undefined> {
  const bytes = await repository.read(commit, path);
  return bytes && Buffer.from(bytes).toString('utf8');
}

export function failure(code: FailureCode, message?: RegExp) {
  return { failure: { code, ...(message ? { message: expect.stringMatching(message) } : {}) } };
}
