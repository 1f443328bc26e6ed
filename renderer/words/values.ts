/** Numbers, sizes and times as people read them. English, like all words here. */

const language = 'en';
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'long' });
const absolute = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(language, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const whole = new Intl.NumberFormat(language);

/** `1 app`, `2 apps`, `1,000 apps`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${whole.format(n)} ${n === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `just now`, `3 minutes ago`, `in 2 days`. */
export function relativeTime(atMs: number, nowMs: number): string {
  const seconds = Math.round((atMs - nowMs) / 1_000);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  if (unit === 'second') return seconds > 10 ? `in ${seconds} seconds` : seconds > -20 ? 'just now' : 'seconds ago';
  return relative.format(Math.trunc(seconds / size), unit);
}

/** Date and time to the second, in this machine's zone. */
export function absoluteTime(at: string): string {
  return absolute.format(new Date(at));
}

/** `14:03:22`. */
export function clockTime(at: string): string {
  return clock.format(new Date(at));
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const total = Math.round(seconds);
  const [days, hours, minutes, rest] = [
    Math.floor(total / 86_400),
    Math.floor((total % 86_400) / 3_600),
    Math.floor((total % 3_600) / 60),
    total % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `512 B`, `1.5 GiB`. */
export function bytes(n: number): string {
  let value = n;
  let unit = 0;
  while (value >= 1_024 && unit < sizes.length - 1) {
    value /= 1_024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${sizes[unit]}`;
}

/** A share of 0 to 1 as `42%`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** A fingerprint in groups of four, for eyes to compare. */
export function fingerprint(hex: string): string {
  return hex.match(/.{1,4}/g)?.join(' ') ?? hex;
}
