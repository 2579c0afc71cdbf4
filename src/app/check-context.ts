import type { Ports } from './ports.ts';
import type { VisibleFiles } from './visible-files.ts';
import type { CheckContext } from '../agents/checks/rule-family.ts';
import { isExternal, linksOf, resolveTarget } from '../agents/links.ts';

interface TextFile {
  readonly path: string;
  readonly content: string;
}

/** What the company holds, looked up for exactly the links that the files contain. */
export async function checkContext(
  ports: Ports,
  visible: VisibleFiles,
  files: readonly TextFile[],
): Promise<CheckContext> {
  const noteIds = await ports.memory.ids();
  const existing = new Set<string>();
  const look = async (path: string) => {
    if ((await visible.read(path)) !== undefined) existing.add(path);
  };
  await Promise.all([...new Set(files.flatMap(linkedPaths))].map(look));
  return { exists: (path) => existing.has(path), noteIds };
}

/** Every path that a link of the file could mean. */
function linkedPaths({ path, content }: TextFile): string[] {
  const targets = linksOf(content)
    .map(({ target }) => target)
    .filter((target) => !isExternal(target));
  return targets.flatMap((target) => {
    const fromCompany = resolveTarget(`/${target}`, '');
    return [resolveTarget(target, path), fromCompany, fromCompany && `${fromCompany}.md`].filter(
      (candidate): candidate is string => candidate !== undefined && candidate !== '',
    );
  });
}
