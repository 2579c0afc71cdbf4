import { describeRepository } from '../../../test/contract/repository.ts';
import { GitSandbox } from '../../../test/fixtures/git-sandbox.ts';
import { openRepository } from './open-repository.ts';

describeRepository('of git', async (files) => {
  const sandbox = GitSandbox.create(files);
  return {
    repository: await openRepository(sandbox.root),
    write: (path, content) => sandbox.write(path, content),
    remove: (path) => sandbox.remove(path),
    read: (path) => sandbox.read(path),
    stage: (path) => void sandbox.git('add', '--', path),
    commit: (message) => sandbox.commit(message),
    own: () => sandbox.fingerprint(),
    uncommitted: () =>
      sandbox
        .git('status', '--porcelain')
        .split('\n')
        .filter((line) => line !== ''),
    close: () => sandbox.dispose(),
  };
});
