/** Which of a run's two definitions a document shows: the one that it is pinned to, or the files as they are now. */
export interface DefinitionSide {
  readonly run: string;
  readonly side: 'pinned' | 'current';
}

export const definitionScheme = 'cairn-definition';

/** The path of a `cairn-definition:` URI; its ending is for the editor's colours. */
export function definitionPath({ run, side }: DefinitionSide): string {
  return `/${run}/${side}.yaml`;
}

/** The definition that a path names; nothing when it is not one. */
export function readDefinitionPath(path: string): DefinitionSide | undefined {
  const [, run, side] = /^\/([a-z0-9][a-z0-9-]*)\/(pinned|current)\.yaml$/.exec(path) ?? [];
  return run && side ? { run, side: side === 'pinned' ? 'pinned' : 'current' } : undefined;
}
