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
