import type { StepDetail } from '../../src/protocol/timeline.ts';

type Json = NonNullable<StepDetail['input']> | null;
type JsonObject = { readonly [key: string]: Json };

const MOST_DEPTH = 8;
const MOST_ITEMS = 100;
const MOST_TEXT = 20_000;

/** A value for reading: names and texts instead of braces and quotes. */
export function JsonView({ value, depth = 0 }: { readonly value: Json; readonly depth?: number }) {
  if (value === null || value === '') return <span class="quiet">none</span>;
  if (typeof value === 'string') return <span class="text">{shortened(value)}</span>;
  if (typeof value !== 'object') return <span class="mono">{String(value)}</span>;
  if (depth >= MOST_DEPTH) return <span class="mono text">{shortened(JSON.stringify(value))}</span>;
  return isList(value) ? (
    <ListView items={value} depth={depth} />
  ) : (
    <ObjectView value={value} depth={depth} />
  );
}

function ListView({ items, depth }: { readonly items: readonly Json[]; readonly depth: number }) {
  if (items.length === 0) return <span class="quiet">none</span>;
  const hidden = items.length - MOST_ITEMS;
  return (
    <ul class="values">
      {items.slice(0, MOST_ITEMS).map((item, index) => (
        <li key={index}>
          <JsonView value={item} depth={depth + 1} />
        </li>
      ))}
      {hidden > 0 ? <li class="quiet">and {hidden} more</li> : null}
    </ul>
  );
}

function ObjectView({ value, depth }: { readonly value: JsonObject; readonly depth: number }) {
  const entries = Object.entries(value);
  if (entries.length === 0) return <span class="quiet">none</span>;
  return (
    <dl class="values">
      {entries.map(([name, inner]) => (
        <div key={name} class={typeof inner === 'object' && inner !== null ? 'nested' : 'flat'}>
          <dt>{label(name)}</dt>
          <dd>
            <JsonView value={inner} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/** `doneWhen` → `done when`; paths and ids stay as they are. */
function label(name: string): string {
  if (!/^[a-z][A-Za-z]*$/.test(name)) return name;
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shortened(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}
