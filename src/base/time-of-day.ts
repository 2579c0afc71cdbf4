/** `14:03:10`, with `on 2026-01-04` behind it when that is another day than `nowMs`; both in the machine's time zone. */
export function timeOfDay(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  return dayOf(at) === dayOf(new Date(nowMs)) ? time : `${time} on ${dayOf(at)}`;
}

function dayOf(at: Date): string {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits).join('-');
}

function twoDigits(amount: number): string {
  return String(amount).padStart(2, '0');
}

/** Whether a text that begins with a date, `2026-02-30T09:00`, names a day that no calendar has. */
export function namesNoDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? [];
  if (day === undefined) return false;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return at.getUTCMonth() + 1 !== Number(month) || at.getUTCDate() !== Number(day);
}
