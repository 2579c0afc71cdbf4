import type { FileChange, Risk, RiskLevel } from '../contracts/proposal.ts';

const MANY_FILES = 10;
const MANY_LINES = 400;
const levels: readonly RiskLevel[] = ['low', 'medium', 'high'];

export interface RiskFacts {
  readonly files: readonly FileChange[];
  /** Whether text from outside was read on the way (promise P7). */
  readonly tainted: boolean;
}

/** How much harm applying could do, from what the change is, never from what the agent says of it. */
export function assessRisk({ files, tainted }: RiskFacts): Risk {
  const found = [
    deletions(files),
    size(files),
    rewriting(files),
    tainted ? ({ level: 'medium', reason: 'text from outside was read on the way' } as const) : undefined,
  ].filter((one) => one !== undefined);
  const level = levels[Math.max(0, ...found.map((one) => levels.indexOf(one.level)))] ?? 'low';
  return { level, reasons: found.map(({ reason }) => reason) };
}

interface RiskFound {
  readonly level: RiskLevel;
  readonly reason: string;
}

function deletions(files: readonly FileChange[]): RiskFound | undefined {
  const deleted = files.filter(({ kind }) => kind === 'deleted').length;
  if (deleted === 0) return undefined;
  return { level: 'high', reason: `deletes ${deleted === 1 ? 'a file' : `${deleted} files`}` };
}

function size(files: readonly FileChange[]): RiskFound | undefined {
  const lines = files.reduce((sum, { added, removed }) => sum + added + removed, 0);
  if (files.length <= MANY_FILES && lines <= MANY_LINES) return undefined;
  return { level: 'medium', reason: `is large: ${files.length} files, ${lines} lines` };
}

/** A change that takes away more than half as much as it adds rewrites what was there. */
function rewriting(files: readonly FileChange[]): RiskFound | undefined {
  const rewritten = files.filter(
    ({ kind, added, removed }) => kind === 'modified' && removed > 20 && removed * 2 > added,
  );
  if (rewritten.length === 0) return undefined;
  return { level: 'medium', reason: `rewrites ${rewritten.map(({ path }) => path).join(', ')}` };
}
