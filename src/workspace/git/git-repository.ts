import picomatch from 'picomatch/posix';
import { gitFailures } from '../../base/failures/git.ts';
import type { FileChange } from '../../contracts/proposal.ts';
import type {
  ApplyRequest,
  CommitInfo,
  FileEdit,
  Identity,
  PreparedApply,
  Proposed,
  ProposeRequest,
  Repository,
  RepositoryState,
  VersionToAdopt,
} from '../../contracts/repository.ts';
import { companyPath } from '../company-path.ts';
import { commitsWithTrailer } from './commit-history.ts';
import { completeApply, recoverApply } from './complete-apply.ts';
import type { GitContext } from './git-context.ts';
import { inverseEdits, readBlob } from './inverse.ts';
import { prepareApply } from './prepare-apply.ts';
import { adoptVersions } from './proposal-refs.ts';
import { propose } from './propose.ts';
import { readOperator, readState } from './repository-state.ts';
import { fileChanges } from './tree-changes.ts';
import { isFile } from './tree-reader.ts';

/** The repository port over the git command. */
export class GitRepository implements Repository {
  readonly root: string;
  readonly #context: GitContext;

  constructor(context: GitContext) {
    this.root = context.root;
    this.#context = context;
  }

  state(): Promise<RepositoryState> {
    return readState(this.#context);
  }

  async head(): Promise<string> {
    const { head } = await this.state();
    if (head === undefined) throw gitFailures.noCommit();
    return head;
  }

  operator(): Promise<Identity> {
    return readOperator(this.#context);
  }

  async read(commit: string, path: string): Promise<Uint8Array | undefined> {
    const tree = await this.#context.objects.treeOf(commit);
    const entry = await this.#context.trees.entry(tree, companyPath(path));
    if (entry === undefined || !isFile(entry)) return undefined;
    return readBlob(this.#context, path, entry.oid);
  }

  async list(commit: string, globs: readonly string[]): Promise<readonly string[]> {
    if (globs.length === 0) return [];
    const tree = await this.#context.objects.treeOf(commit);
    const output = await this.#context.git.text(['ls-tree', '-r', '-z', tree]);
    const matches = picomatch([...globs], { dot: true, flags: 's' });
    return output.split('\0').flatMap((line) => {
      const [, mode = '', path = ''] = /^(\d+) \w+ \w+\t(.+)$/s.exec(line) ?? [];
      return isFile({ mode, oid: '' }) && matches(path) ? [path] : [];
    });
  }

  async changes(from: string, to: string): Promise<readonly FileChange[]> {
    const { objects } = this.#context;
    return fileChanges(this.#context, await objects.commit(from), await objects.commit(to));
  }

  async patch(from: string, to: string): Promise<string> {
    const { git, objects } = this.#context;
    const commits = [await objects.commit(from), await objects.commit(to)];
    return git.text(['diff-tree', '-p', '-M', '--no-ext-diff', '--no-textconv', ...commits]);
  }

  propose(request: ProposeRequest): Promise<Proposed> {
    return propose(this.#context, request);
  }

  adopt(run: string, versions: readonly VersionToAdopt[]): Promise<void> {
    return adoptVersions(this.#context, run, versions);
  }

  prepareApply(request: ApplyRequest): Promise<PreparedApply> {
    return prepareApply(this.#context, request);
  }

  completeApply(prepared: PreparedApply): Promise<void> {
    return completeApply(this.#context, prepared);
  }

  recoverApply(prepared: PreparedApply): Promise<boolean> {
    return recoverApply(this.#context, prepared);
  }

  async inverse(commits: readonly string[]): Promise<readonly FileEdit[]> {
    return inverseEdits(this.#context, await this.head(), commits);
  }

  async withTrailer(key: string, value: string): Promise<readonly CommitInfo[]> {
    const { head } = await this.state();
    return head === undefined ? [] : commitsWithTrailer(this.#context, head, { key, value });
  }
}
