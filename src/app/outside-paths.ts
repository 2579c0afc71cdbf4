import { loadEach, readExisting } from './load-definition.ts';
import { companyPaths } from '../contracts/company.ts';
import { matchesAny } from '../contracts/path-rules.ts';
import { parseConnector } from '../connectors/connector-file.ts';
import type { CompanyFiles } from '../workspace/company-files.ts';

/**
 * Tells which files of the company others put there: those that its connectors read. Whichever way a step comes
 * by them, they are text from outside (promise P7).
 */
export async function outsidePaths(files: CompanyFiles): Promise<(path: string) => boolean> {
  const paths = await files.list(companyPaths.connectors, '.yaml');
  const { items } = await loadEach(paths, async (file) =>
    parseConnector(await readExisting(files, file), { file }),
  );
  const globs = items.flatMap((config) => {
    if (config.type === 'webhook') return [];
    return config.type === 'feed' ? config.file : `${config.folder}/**`;
  });
  return (path) => matchesAny(path, globs);
}
