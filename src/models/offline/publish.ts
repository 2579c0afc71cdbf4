import { movedLinks } from './citation.ts';
import { readHead, splitDocument, withKey } from './front-matter.ts';
import { draftOf } from './job.ts';
import { tidy } from './tidy.ts';
import type { Draft } from '../../contracts/agent.ts';
import type { Material } from '../../contracts/model.ts';
import type { Job } from './job.ts';

interface Upstream {
  readonly path: string;
  readonly content: string;
}

/** The text that is to be published: work in another folder, of the same name if there is one. */
export function upstreamOf(material: Material, path: string): Upstream | undefined {
  if (!/\b(publish|release|post)\b/i.test(`${material.step.id} ${material.objective}`)) return undefined;
  const name = path.split('/').at(-1);
  const files = [
    ...material.files,
    ...material.sources
      .filter((source) => source.kind === 'file')
      .map(({ uri, text }) => ({ path: uri, content: text })),
  ].filter((file) => file.path !== path && isText(file));
  return files.find((file) => file.path.split('/').at(-1) === name) ?? files[0];
}

/** The text as it was approved: its body unchanged but for links, which are rewritten for the new folder. */
export function publishDocument(job: Job, upstream: Upstream): Draft {
  const { head, body } = splitDocument(upstream.content);
  const moved = head + movedLinks(body, upstream.path, job.path);
  const dated = withKey(moved, 'date', job.material.today);
  const title =
    readHead(upstream.content).get('title') ?? tidy(/^#[ \t]+(.+)$/m.exec(body)?.[1] ?? job.title);
  return draftOf(job, withKey(dated, 'status', 'published'), {
    intent: `Publishes “${title}” as it was approved.`,
    unlocks: `“${title}” is out.`,
  });
}

function isText({ content }: Upstream): boolean {
  return /^(draft|edited)$/.test(readHead(content).get('status') ?? '');
}
