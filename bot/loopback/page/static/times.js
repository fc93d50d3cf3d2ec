// Times as the reader sees them: the browser's zone, the speaker's language, the simulated clock.

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};
const UNITS = [
  ["year", 31557600],
  ["month", 2629800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** Write a moment (milliseconds) in one of Discord's timestamp styles. */
export function write(moment, style, locale, nowMs) {
  if (style === "R") return relative(moment, locale, nowMs);
  return new Intl.DateTimeFormat(locale, STYLES[style] ?? STYLES.f).format(moment);
}

/** Write how far a moment is from now, in the largest unit that fits. */
export function relative(moment, locale, nowMs) {
  const seconds = Math.round((moment - nowMs) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(locale).format(Math.trunc(seconds / size), unit);
}

/** Write when a message was sent: the time alone for today. */
export function sent(moment, locale, nowMs) {
  const sameDay = new Date(moment).toDateString() === new Date(nowMs).toDateString();
  return write(moment, sameDay ? "t" : "s", locale, nowMs);
}

/** The seconds until it is next `hour` o'clock on the day `days` from today, in the browser's zone. */
export function secondsUntil(nowMs, days, hour) {
  const then = new Date(nowMs);
  then.setDate(then.getDate() + days);
  then.setHours(hour, 0, 0, 0);
  return (then.getTime() - nowMs) / 1000;
}
