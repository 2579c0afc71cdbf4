import type { FileChange } from './proposal.ts';

export type Operation = 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect';

/** What HEAD is, as far as Cairn's work depends on it. */
export interface RepositoryState {
  /** Full name of the branch (`refs/heads/main`), or nothing when HEAD is detached. */
  readonly branch: string | undefined;
  /** Commit of HEAD, or nothing on an unborn branch. */
  readonly head: string | undefined;
  /** An operation of the operator's own that is under way. */
  readonly operation: Operation | undefined;
}

/** A file's new content, or its removal. */
export type FileEdit =
  | {
      readonly path: string;
      readonly content: string | Uint8Array;
      /** Whether a new file may be run; one that is there already stays what it is. */
      readonly executable?: boolean | undefined;
    }
  | { readonly path: string; readonly deleted: true };

export interface Identity {
  readonly name: string;
  readonly email: string;
}

export interface ProposeRequest {
  readonly run: string;
  readonly n: number;
  readonly version: number;
  /** The commit to build on. */
  readonly base: string;
  readonly edits: readonly FileEdit[];
  readonly author: Identity;
  readonly message: string;
  /** Date of the commit; the base's when left out. The same request gives the same commit. */
  readonly atMs?: number | undefined;
}

/** A version that exists, to be known as one of another run as well. */
export interface VersionToAdopt {
  readonly n: number;
  readonly version: number;
  readonly commit: string;
}

export interface Proposed {
  readonly commit: string;
  readonly files: readonly FileChange[];
}

/** A proposal merged onto HEAD: objects only, nothing of the operator's touched yet. */
export interface PreparedApply {
  readonly commit: string;
  readonly head: string;
  readonly branch: string;
  readonly paths: readonly string[];
}

export interface ApplyRequest {
  readonly commit: string;
  readonly base: string;
  readonly message: string;
  readonly author: Identity;
}

export interface CommitInfo {
  readonly commit: string;
  readonly subject: string;
  readonly body: string;
  readonly atMs: number;
}

/** Git as Cairn uses it. Throws `AppError` `git.*`, `path.*`, `apply.*`, `proposal.*`. */
export interface Repository {
  readonly root: string;
  state(): Promise<RepositoryState>;
  /** HEAD's commit; throws `git.no-commit` with the remedy on an unborn branch. */
  head(): Promise<string>;
  operator(): Promise<Identity>;
  /** Content of a file at a commit, or nothing. */
  read(commit: string, path: string): Promise<Uint8Array | undefined>;
  /** Paths of all files at a commit that match the globs. */
  list(commit: string, globs: readonly string[]): Promise<readonly string[]>;
  changes(from: string, to: string): Promise<readonly FileChange[]>;
  /** The changes between two commits as a unified diff, for people. */
  patch(from: string, to: string): Promise<string>;
  /** Makes a version's commit and refs by plumbing alone (promise P1). Repeating it is harmless. */
  propose(request: ProposeRequest): Promise<Proposed>;
  /** Gives a run refs of its own for versions that another run has made: all or none, and no content is copied. */
  adopt(run: string, versions: readonly VersionToAdopt[]): Promise<void>;
  /** Three-way merge of a proposal onto HEAD. Throws `apply.conflict`, `apply.edited`, `git.busy`, `git.detached`. */
  prepareApply(request: ApplyRequest): Promise<PreparedApply>;
  /** Moves the branch by compare-and-swap, then brings files and index along. Throws `git.moved` when HEAD is no longer `head`. */
  completeApply(prepared: PreparedApply): Promise<void>;
  /** After a crash: whether the branch holds the commit; if so, files and index are brought along. */
  recoverApply(prepared: PreparedApply): Promise<boolean>;
  /** The edits that undo applied commits, newest first, computed against HEAD. Throws `apply.conflict`. */
  inverse(commits: readonly string[]): Promise<readonly FileEdit[]>;
  /** Commits reachable from HEAD whose trailer `key` is `value`, newest first. */
  withTrailer(key: string, value: string): Promise<readonly CommitInfo[]>;
}
