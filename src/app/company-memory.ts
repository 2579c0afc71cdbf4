import type { Loaded } from './load-definition.ts';
import type { CompanyFiles } from '../workspace/company-files.ts';
import type { Clock } from '../base/clock.ts';
import { toFailure } from '../base/failure.ts';
import type { Failure } from '../base/failure.ts';
import { appFailures } from '../base/failures/app.ts';
import { limits } from '../base/limits.ts';
import { companyPaths } from '../contracts/company.ts';
import type { MemoryHit, MemoryQuery, Note, VectorIndex } from '../contracts/memory.ts';
import { hashedEmbedding } from '../memory/hashed-embedding.ts';
import { embeddingText } from '../memory/indexed-note.ts';
import { parseNote } from '../memory/note-file.ts';
import { NoteIndex } from '../memory/note-index.ts';

/** Long-term memory as the use cases see it: always as new as the files. */
export interface MemorySearch {
  search(query: MemoryQuery): Promise<readonly MemoryHit[]>;
  /** The notes themselves, best first, without those that were superseded. */
  recall(query: MemoryQuery): Promise<readonly Note[]>;
  /** Ids and paths by which a note can be cited. */
  ids(): Promise<ReadonlySet<string>>;
  notes(): Promise<Loaded<Note>>;
}

export interface MemoryPorts {
  readonly files: CompanyFiles;
  readonly clock: Clock;
  /** Opened at the first search. */
  readonly openVectors: () => Promise<VectorIndex>;
  readonly hash: (text: string) => string;
  readonly log: (line: string) => void;
}

interface KnownFile {
  readonly stamp: string;
  readonly note?: Note | undefined;
  readonly problem?: Failure | undefined;
}

/** How many neighbours by vector join the candidates of a search. */
const NEIGHBOURS = 32;

/** Hashed vectors of unrelated texts come up to about this cosine by chance. */
const LEAST_SIMILARITY = 0.25;

/** Keeps the indexes in step with the notes on disk: only files that changed are read again. */
export class CompanyMemory implements MemorySearch {
  readonly #ports: MemoryPorts;
  readonly #index = new NoteIndex();
  readonly #known = new Map<string, KnownFile>();
  #vectors: VectorIndex | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(ports: MemoryPorts) {
    this.#ports = ports;
  }

  async search(query: MemoryQuery): Promise<readonly MemoryHit[]> {
    await this.#refresh();
    const vector = hashedEmbedding(query.text);
    const near = vector ? await this.#nearest(vector) : [];
    return this.#index.search(query, { nowMs: this.#ports.clock.now(), candidates: near });
  }

  async recall(query: MemoryQuery): Promise<readonly Note[]> {
    const hits = await this.search(query);
    const valid = hits.filter(({ signals }) => (signals.outdated ?? 0) >= 0);
    return valid.flatMap(({ id }) => this.#index.get(id) ?? []);
  }

  async ids(): Promise<ReadonlySet<string>> {
    const { items } = await this.notes();
    return new Set(items.flatMap(({ head }) => [head.id, ...head.aliases]));
  }

  async notes(): Promise<Loaded<Note>> {
    await this.#refresh();
    const known = [...this.#known.values()];
    return {
      items: known.flatMap(({ note }) => note ?? []),
      problems: known.flatMap(({ problem }) => problem ?? []),
    };
  }

  /** Callers that come while a refresh is under way share it. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#readChanges().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #readChanges(): Promise<void> {
    const { files } = this.#ports;
    const paths = await files.list(companyPaths.memory, '.md');
    const stamps = new Map(
      await Promise.all(paths.map(async (path) => [path, await this.#stamp(path)] as const)),
    );
    const gone = [...this.#known.keys()].filter((path) => !stamps.has(path));
    for (const path of gone) this.#forget(path);
    const changed = paths.filter((path) => this.#known.get(path)?.stamp !== stamps.get(path));
    for (const path of changed) await this.#read(path, stamps.get(path) ?? '');
    if (changed.length + gone.length > 0 || !this.#vectors) await this.#updateVectors();
  }

  async #stamp(path: string): Promise<string> {
    const stat = await this.#ports.files.stat(path);
    return stat ? `${stat.mtimeMs}:${stat.size}` : '';
  }

  async #read(path: string, stamp: string): Promise<void> {
    this.#forget(path);
    try {
      const text = await this.#ports.files.readText(path, limits.noteBytes);
      if (text === undefined) return;
      const note = parseNote(path, text);
      const twin = [...this.#known.values()].find((known) => known.note?.head.id === note.head.id)?.note;
      if (twin) throw appFailures.noteTwice(path, note.head.id, twin.path);
      this.#index.put(note);
      this.#known.set(path, { stamp, note });
    } catch (thrown) {
      this.#known.set(path, { stamp, problem: toFailure(thrown) });
    }
  }

  #forget(path: string): void {
    const note = this.#known.get(path)?.note;
    if (note) this.#index.remove(note.head.id);
    this.#known.delete(path);
  }

  /** The index of vectors is a cache: without it, search goes on by words. */
  async #updateVectors(): Promise<void> {
    try {
      this.#vectors ??= await this.#ports.openVectors();
      const indexed = await this.#vectors.hashes();
      const texts = [...this.#known.values()].flatMap(({ note }) =>
        note ? [[note.head.id, embeddingText(note)] as const] : [],
      );
      const upserts = texts.flatMap(([id, text]) => {
        const hash = this.#ports.hash(text);
        const vector = indexed.get(id) === hash ? undefined : hashedEmbedding(text);
        return vector ? [{ id, hash, vector }] : [];
      });
      const present = new Set(texts.map(([id]) => id));
      const removals = [...indexed.keys()].filter((id) => !present.has(id));
      if (upserts.length + removals.length > 0) await this.#vectors.update(upserts, removals);
    } catch (thrown) {
      this.#ports.log(`Vector index: ${toFailure(thrown).message}`);
    }
  }

  async #nearest(vector: readonly number[]): Promise<string[]> {
    try {
      const found = await this.#vectors?.nearest(vector, NEIGHBOURS);
      return (found ?? []).flatMap(({ id, score }) => (score >= LEAST_SIMILARITY ? [id] : []));
    } catch (thrown) {
      this.#ports.log(`Vector index: ${toFailure(thrown).message}`);
      return [];
    }
  }
}
