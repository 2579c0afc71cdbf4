/** A day, a month or a year named in a query; what is left open fits any. Months count from 1. */
export interface DateHint {
  readonly year?: number | undefined;
  readonly month?: number | undefined;
  readonly day?: number | undefined;
}

const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

const month =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const ordinal = '(\\d{1,2})(?:st|nd|rd|th)?';
const written = new RegExp(
  `(?:\\b${ordinal} +(?:of +)?)?\\b(${month})\\b\\.?(?: +${ordinal}\\b(?!\\d))?(?:,? +(?:of +)?(\\d{4})\\b)?`,
  'gi',
);
const iso = /\b(\d{4})-(\d{2})(?:-(\d{2}))?\b/g;
const year = /\b(?:19|20)\d{2}\b/g;
/** Verbs that are also months, when nothing beside them says that a date is meant. */
const doubtful = /^(?:may|march|mar)$/;

const timeWord = new RegExp(
  `\\b(?:yesterday|today|tonight|tomorrow|ago|last|next|week(?:end)?s?|months?|years?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:19|20)\\d{2}|${month})\\b`,
  'i',
);

/** The dates that a query names, in whatever form people write them. */
export function dateHints(text: string): readonly DateHint[] {
  const isoHints = [...text.matchAll(iso)].map(([, y, m, d]) => hint(y, Number(m), d));
  const rest = text.replace(iso, ' ');
  const writtenHints = [...rest.matchAll(written)].flatMap(([, before, name = '', after, y]) => {
    const bare = before === undefined && after === undefined && y === undefined;
    if (bare && doubtful.test(name)) return [];
    return [hint(y, monthNumber(name), before ?? after)];
  });
  const yearHints = [...rest.replace(written, ' ').matchAll(year)].map(([y]) => ({ year: Number(y) }));
  return [...isoHints, ...writtenHints, ...yearHints];
}

/** Whether a day, in UTC, is one that the hint means. */
export function fitsHint(dateMs: number, { year: y, month: m, day: d }: DateHint): boolean {
  const date = new Date(dateMs);
  if (y !== undefined && date.getUTCFullYear() !== y) return false;
  if (m !== undefined && date.getUTCMonth() + 1 !== m) return false;
  return d === undefined || date.getUTCDate() === d;
}

/** Whether a text says when something happens. */
export function namesTime(text: string): boolean {
  return timeWord.test(text);
}

/** A day as people write it, so that its parts can be searched for: `8 may 2023`. */
export function dateInWords(dateMs: number): string {
  const date = new Date(dateMs);
  return `${date.getUTCDate()} ${monthNames[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`;
}

function hint(y: string | undefined, m: number, d: string | undefined): DateHint {
  return {
    month: m,
    ...(y === undefined ? {} : { year: Number(y) }),
    ...(d === undefined ? {} : { day: Number(d) }),
  };
}

function monthNumber(name: string): number {
  return monthNames.findIndex((full) => full.startsWith(name.slice(0, 3).toLowerCase())) + 1;
}
