import { handedOnBy } from './handed-on.ts';
import { outsidePaths } from './outside-paths.ts';
import { readConnector } from './read-connector.ts';
import type { Ports } from './ports.ts';
import { partsAround } from './step-outputs.ts';
import type { StepScope } from './step-scope.ts';
import type { VisibleFiles } from './visible-files.ts';
import { appFailures } from '../base/failures/app.ts';
import { limits } from '../base/limits.ts';
import type { Source } from '../contracts/model.ts';
import type { RunState } from '../contracts/run.ts';
import type { AgentStep } from '../contracts/workflow.ts';

export interface SourceRequest {
  readonly state: RunState;
  readonly step: AgentStep;
  readonly scope: StepScope;
  readonly files: VisibleFiles;
}

/**
 * What a step may rest its work on: the files it reads, the notes it recalls, what its connectors answer, and
 * what the steps before it found. One source per id, bounded in number and size.
 */
export async function gatherSources(ports: Ports, request: SourceRequest): Promise<readonly Source[]> {
  const { step, scope } = request;
  const [read, recalled, fetched] = await Promise.all([
    readFiles(request, await outsidePaths(ports.files)),
    recall(ports, scope.texts(step.with.recall, 'with.recall')),
    Promise.all(step.with.fetch.map((fetch) => readConnector(ports, fetch, scope))),
  ]);
  const items = itemsOf(request);
  const all = [...read, ...items, ...handedOnBy(request.state, step.id), ...fetched.flat(), ...recalled];
  return bounded([...new Map(all.map((source) => [source.id, source])).values()]);
}

/** An item from outside is part of no objective; it is material. */
function itemsOf({ state, step }: SourceRequest): Source[] {
  return partsAround(state, step).flatMap(({ id, label = id, item, untrusted }) => {
    if (!untrusted || item === undefined) return [];
    const text = typeof item === 'string' ? item : JSON.stringify(item, null, 2);
    return [{ id, kind: 'step', title: label, text, uri: '', untrusted }];
  });
}

async function readFiles(
  { step, scope, files }: SourceRequest,
  isOutside: (path: string) => boolean,
): Promise<Source[]> {
  const patterns = scope.texts(step.with.read, 'with.read');
  if (patterns.length === 0) return [];
  const paths = await files.find(patterns);
  if (paths.length > limits.contextFiles) {
    throw appFailures.tooMuchToRead(`${paths.length} files`, `${limits.contextFiles}`);
  }
  const sources = await Promise.all(
    paths.map(async (path) => fileSource(path, await files.read(path), isOutside(path))),
  );
  const found = sources.filter((source) => source !== undefined);
  if (found.length === 0) throw appFailures.nothingRead(patterns);
  return found;
}

function fileSource(path: string, text: string | undefined, untrusted: boolean): Source | undefined {
  if (text === undefined) return undefined;
  return { id: path, kind: 'file', title: titleOf(text) ?? path, text, uri: path, untrusted };
}

async function recall(ports: Ports, questions: readonly string[]): Promise<Source[]> {
  const found = await Promise.all(
    questions.map((text) => ports.memory.recall({ text, limit: limits.recallHits })),
  );
  return found.flat().map(({ head, body, path }) => ({
    id: head.id,
    kind: 'note',
    title: head.title,
    text: body.trim(),
    uri: path,
    date: head.event_time ?? head.created,
    untrusted: false,
  }));
}

function bounded(sources: readonly Source[]): Source[] {
  let left: number = limits.contextBytes;
  return sources.filter(({ text }) => {
    left -= text.length;
    return left >= 0;
  });
}

function titleOf(markdown: string): string | undefined {
  return /^#\s+(.+)$/m.exec(markdown)?.[1]?.trim();
}
