import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunName } from '../run-paths.ts';
import { type GitContext, noObject } from './git-context.ts';

const home = 'refs/cairn/runs';

interface Seen {
  readonly signature: string;
  readonly archives: ReadonlyMap<string, string>;
}

/** The ref that names a run's archive. */
export function archiveRef(run: string): string {
  return `${home}/${run}/archive`;
}

/** The refs of runs in git. Asks git again only when the files that hold refs have changed. */
export class RunRefs {
  readonly #context: GitContext;
  #seen: Promise<Seen> | undefined;

  constructor(context: GitContext) {
    this.#context = context;
  }

  /** By run, the commit of its archive. Names no object is read for, so a damaged one hides no other. */
  async archives(): Promise<ReadonlyMap<string, string>> {
    const signature = await this.#signature();
    const seen = await this.#seen?.catch(() => undefined);
    if (seen?.signature === signature) return seen.archives;
    this.#seen = this.#look(signature);
    return (await this.#seen).archives;
  }

  /** Names a run's archive, by compare-and-swap. Throws `git.failed` when it names another one by now. */
  async setArchive(run: string, commit: string, before: string | undefined): Promise<void> {
    const old = before ?? noObject(this.#context);
    await this.#context.git.run(['update-ref', archiveRef(run), commit, old]);
    this.#seen = undefined;
  }

  /** Removes all refs of a run: those of its proposals as one, and its archive after them. */
  async removeAll(run: string): Promise<void> {
    const output = await this.#context.git.text([
      'for-each-ref',
      '--format=%(objectname) %(refname)',
      `${home}/${run}/`,
    ]);
    const refs = lines(output);
    await this.#remove(refs.filter(([, ref]) => ref !== archiveRef(run)));
    await this.#remove(refs.filter(([, ref]) => ref === archiveRef(run)));
  }

  async #remove(refs: readonly (readonly [commit: string, ref: string])[]): Promise<void> {
    if (refs.length === 0) return;
    const deletions = refs.map(([commit, ref]) => `delete ${ref}\0${commit}\0`).join('');
    await this.#context.git.run(['update-ref', '--stdin', '-z'], {
      input: `start\0${deletions}prepare\0commit\0`,
    });
    this.#seen = undefined;
  }

  async #look(signature: string): Promise<Seen> {
    const output = await this.#context.git.text([
      'for-each-ref',
      '--format=%(objectname) %(refname)',
      archiveRef('*'),
    ]);
    const found = lines(output).map(([commit, ref]) => [ref.split('/')[3] ?? '', commit] as const);
    return { signature, archives: new Map(found.filter(([run]) => isRunName(run))) };
  }

  /** Every change of a ref renames a file into one of these folders, or over one of these files. */
  async #signature(): Promise<string> {
    const { runs, others } = this.#context.layout.refs;
    const folders = await readdir(runs).catch(() => []);
    const paths = [runs, ...others, ...folders.map((name) => join(runs, name))];
    const stats = paths.map((path) => stat(path).catch(() => undefined));
    return (await Promise.all(stats)).map((found) => (found ? `${found.ino}/${found.mtimeMs}` : '-')).join();
  }
}

function lines(output: string): (readonly [commit: string, ref: string])[] {
  return output.split('\n').flatMap((line) => {
    const [commit, ref] = line.split(' ');
    return commit && ref ? [[commit, ref] as const] : [];
  });
}
