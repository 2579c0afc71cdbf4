import { appFailures } from '../base/failures/app.ts';
import type { RunArchive } from '../contracts/archive.ts';
import type { Repository } from '../contracts/repository.ts';

/** The repository of a folder that is not trusted: it is never looked at, and git is never started. */
export function withheldRepository(root: string): Repository {
  const withheld = (): Promise<never> => Promise.reject(appFailures.untrusted());
  return {
    root,
    state: withheld,
    head: withheld,
    operator: withheld,
    read: withheld,
    list: withheld,
    changes: withheld,
    patch: withheld,
    propose: withheld,
    adopt: withheld,
    prepareApply: withheld,
    completeApply: withheld,
    recoverApply: withheld,
    inverse: withheld,
    withTrailer: withheld,
  };
}

/** The archive in that repository: as if nothing were archived. */
export function withheldArchive(): RunArchive {
  const withheld = (): Promise<never> => Promise.reject(appFailures.untrusted());
  return {
    list: () => Promise.resolve(new Set()),
    read: withheld,
    stamp: withheld,
    recordedAtMs: withheld,
    compare: withheld,
    keep: withheld,
    restore: withheld,
    forget: withheld,
    measure: withheld,
  };
}
