import { appFailures } from '../base/failures/app.ts';
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
