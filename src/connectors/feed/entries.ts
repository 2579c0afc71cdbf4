import type { parseFeed } from 'feedsmith';

/** An entry as all kinds of feed have it. Title and body may be HTML. */
export interface FeedEntry {
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly html?: string | undefined;
  /** Used where there is no `html`. */
  readonly text?: string | undefined;
  readonly link?: string | undefined;
  /** As it is written. */
  readonly date?: string | undefined;
}

/** The entries in the order of the feed. */
export function entriesOf(parsed: ReturnType<typeof parseFeed>): readonly FeedEntry[] {
  switch (parsed.format) {
    case 'rss':
      return (parsed.feed.items ?? []).map((item) => ({
        id: item.guid?.value,
        title: item.title,
        html: item.content?.encoded ?? item.description,
        link: item.link,
        date: written(item.pubDate),
      }));
    case 'atom':
      return (parsed.feed.entries ?? []).map((entry) => ({
        id: entry.id,
        title: entry.title?.value,
        html: entry.content?.value ?? entry.summary?.value,
        link: entry.links?.find(({ rel }) => rel === undefined || rel === 'alternate')?.href,
        date: written(entry.published ?? entry.updated),
      }));
    case 'rdf':
      return (parsed.feed.items ?? []).map((item) => ({
        title: item.title,
        html: item.content?.encoded ?? item.description,
        link: item.link,
        date: written(item.dc?.dates?.[0]),
      }));
    case 'json':
      return (parsed.feed.items ?? []).map((item) => ({
        id: item.id,
        title: item.title,
        html: item.content_html,
        text: item.content_text ?? item.summary,
        link: item.url ?? item.external_url,
        date: written(item.date_published),
      }));
  }
}

function written(date: unknown): string | undefined {
  return typeof date === 'string' ? date : undefined;
}
