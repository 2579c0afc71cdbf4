import picomatch from 'picomatch/posix';
import { protectedGlobs } from './company.ts';

/** Characters that some file systems ignore in names, so that `.g\u200cit` would be `.git` there. */
const invisible = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

const protectedPath = picomatch([...protectedGlobs], { dot: true, nocase: true });

/** Whether a path of the company fits one of the globs. Dot files count as any other. */
export function matchesAny(path: string, globs: readonly string[]): boolean {
  return globs.length > 0 && picomatch.isMatch(path, [...globs], { dot: true });
}

/** Whether no proposal may touch the path, in whatever spelling a file system takes for the same. */
export function isProtectedPath(path: string): boolean {
  return protectedPath(path) || protectedPath(asFileSystemsSeeIt(path));
}

/** Whether a path leads into a `.git` folder, in whatever spelling a file system takes for the same. */
export function isGitPath(path: string): boolean {
  return asFileSystemsSeeIt(path).toLowerCase().split('/').includes('.git');
}

/** Whether a path stays in the company folder as written: relative, with `/`, without `..`. Links are not looked at. */
export function staysInside(path: string): boolean {
  if (path === '' || path.startsWith('/') || /^[a-z]:/i.test(path)) return false;
  if (path.includes('\\') || path.includes('\0')) return false;
  return !path.split('/').includes('..');
}

/** Without case, invisible characters, stream names, and the dots and blanks that Windows drops at the end. */
function asFileSystemsSeeIt(path: string): string {
  return path
    .replace(invisible, '')
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map((part) => part.replace(/:.*$/, '').replace(/[. ]+$/, '') || part)
    .map((part) => part.replace(/^(git|cairn)~\d$/i, '.$1'))
    .join('/');
}
