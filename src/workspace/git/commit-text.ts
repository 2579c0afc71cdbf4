import type { Identity } from '../../contracts/repository.ts';

/** A commit's message as git accepts it. */
export function messageText(message: string): string {
  const text = message.replaceAll('\0', '');
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Name and address without what delimits them in a commit. */
export function plainIdentity(identity: Identity): Identity {
  const plain = (text: string) => text.replace(/[<>\n\r\0]/g, ' ').trim();
  return { name: plain(identity.name) || 'Cairn', email: plain(identity.email) || 'cairn@localhost' };
}

/** The variables that name a commit's author and committer. */
export function identityVariables(author: Identity, committer: Identity): Record<string, string> {
  const [by, and] = [plainIdentity(author), plainIdentity(committer)];
  return {
    GIT_AUTHOR_NAME: by.name,
    GIT_AUTHOR_EMAIL: by.email,
    GIT_COMMITTER_NAME: and.name,
    GIT_COMMITTER_EMAIL: and.email,
  };
}
