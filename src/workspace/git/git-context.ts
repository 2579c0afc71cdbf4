import type { SimpleGit } from 'simple-git';
import type { Operation } from '../../contracts/repository.ts';
import type { Git } from './git-process.ts';
import type { ObjectReader } from './object-reader.ts';
import type { TreeReader } from './tree-reader.ts';

/** Where git keeps what Cairn looks at; absolute paths. */
export interface GitLayout {
  readonly indexFile: string;
  /** The files or folders whose existence tells that an operation is under way. */
  readonly operations: readonly { readonly operation: Operation; readonly path: string }[];
  readonly objectFormat: 'sha1' | 'sha256';
  /** The folder of the runs' refs, and the files that change besides it when a ref does. */
  readonly refs: { readonly runs: string; readonly others: readonly string[] };
}

/** One open repository, as every part of this folder works with it. */
export interface GitContext {
  /** The top folder of the work tree, absolute. */
  readonly root: string;
  readonly git: Git;
  /** The same repository for what an operator would type: configuration, start, version. */
  readonly porcelain: SimpleGit;
  readonly objects: ObjectReader;
  readonly trees: TreeReader;
  readonly layout: GitLayout;
}

/** The id that git writes where there is no object. */
export function noObject(context: GitContext): string {
  return '0'.repeat(context.layout.objectFormat === 'sha1' ? 40 : 64);
}
