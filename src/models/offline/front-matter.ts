/** A Markdown document as front matter and body; together they are the text, byte for byte. */
export interface Document {
  /** With its fences and the line break after them; empty when there is none. */
  readonly head: string;
  readonly body: string;
}

export function splitDocument(text: string): Document {
  const head = /^---\r?\n(?:[\s\S]*?\r?\n)?---[ \t]*(?:\r?\n|$)/.exec(text)?.[0] ?? '';
  return { head, body: text.slice(head.length) };
}

/** Values of the flat keys, unquoted. A list has its items joined by commas. */
export function readHead(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let last = '';
  for (const line of splitDocument(text).head.split(/\r?\n/)) {
    const key = /^([A-Za-z][\w-]*):[ \t]*(.*)$/.exec(line);
    const item = /^\s*-\s+(.*)$/.exec(line);
    if (key?.[1] !== undefined) values.set((last = key[1]), plainValue(key[2] ?? ''));
    else if (item && last)
      values.set(last, [values.get(last), plainValue(item[1] ?? '')].filter(Boolean).join(', '));
  }
  return values;
}

/** The text with this key set; every other line stays as it is. A text without front matter gets some. */
export function withKey(text: string, key: string, value: string): string {
  const { head, body } = splitDocument(text);
  if (head === '') return `---\n${key}: ${value}\n---\n\n${text}`;
  const line = new RegExp(`^${key}:.*$`, 'm');
  if (line.test(head)) return head.replace(line, () => `${key}: ${value}`) + body;
  return (
    head.replace(
      /(\r?\n)---[ \t]*(\r?\n|$)$/,
      (_all, before, after) => `${before}${key}: ${value}${before}---${after}`,
    ) + body
  );
}

/** The text with the list `sources` naming `cited`, and of all `given` ids no other; what else it names stays. */
export function withSources(text: string, cited: ReadonlySet<string>, given: readonly string[]): string {
  const { head, body } = splitDocument(text);
  const list = /^sources:[ \t]*\r?\n((?:[ \t]*-[ \t].*(?:\r?\n|$))*)/m.exec(head);
  const lines = (list?.[1] ?? '').split(/(?<=\n)/).filter((line) => line !== '');
  const named = (line: string): string => plainValue(line.replace(/^\s*-/, ''));
  const gone = new Set(given.filter((id) => !cited.has(id)));
  const kept = lines.filter((line) => !gone.has(named(line)));
  const known = new Set(kept.map(named));
  const added = [...cited].filter((id) => !known.has(id)).map((id) => `  - ${yamlText(id)}\n`);
  const items = [...kept, ...added].join('');
  if (list) return head.replace(list[0], () => `sources:${items === '' ? ' []' : ''}\n${items}`) + body;
  if (/^sources:/m.test(head) || items === '') return text;
  return head.replace(/---[ \t]*(\r?\n|$)$/, (fence) => `sources:\n${items}${fence}`) + body;
}

/** A value as YAML reads it back: plain where that is safe, else in double quotes. */
export function yamlText(value: string): string {
  const line = value.replace(/\s+/g, ' ').trim();
  const plain =
    /^[\p{L}\d][\p{L}\p{N} .,;'’“”()/_+&–—-]*$/u.test(line) &&
    !/^(true|false|null|yes|no|on|off|[\d.]+)$/i.test(line);
  return plain ? line : JSON.stringify(line);
}

function plainValue(text: string): string {
  const value = text.trim();
  const list = /^\[(.*)\]$/.exec(value)?.[1];
  if (list !== undefined) return list.split(',').map(plainValue).filter(Boolean).join(', ');
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}
