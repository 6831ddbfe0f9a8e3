/** Times, spans and sizes as people read them. Invariant: civil times are Beijing time, whatever the box says. */
import { msg, str } from "@lit/localize";
import { language } from "./language.ts";

const ZONE = "Asia/Shanghai";
const locale = (): string => (language() === "en" ? "en-GB" : "zh-CN");

function format(ms: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, hour12: false, ...options }).format(ms);
}

/** Such as 3月2日 周一. */
export function shortDay(ms: number): string {
  return format(ms, { month: "long", day: "numeric", weekday: "short" });
}

/** Such as 09:05. */
export function clock(ms: number): string {
  return format(ms, { hour: "2-digit", minute: "2-digit" });
}

/** Such as 09:05:07. */
export function clockSeconds(ms: number): string {
  return format(ms, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** Such as 09:05:07.240. */
export function clockMilliseconds(ms: number): string {
  return format(ms, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });
}

/** Such as 2026/03/02 09:05. */
export function dayAndClock(ms: number): string {
  return format(ms, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A span in its largest fitting unit, such as 3 小时. */
export function span(ms: number): string {
  const positive = Math.max(0, ms);
  if (positive < MINUTE_MS) return msg(str`${Math.round(positive / 1_000)} 秒`, { id: "format.seconds" });
  if (positive < HOUR_MS) return msg(str`${Math.floor(positive / MINUTE_MS)} 分钟`, { id: "format.minutes" });
  if (positive < DAY_MS) return msg(str`${Math.floor(positive / HOUR_MS)} 小时`, { id: "format.hours" });
  return msg(str`${Math.floor(positive / DAY_MS)} 天`, { id: "format.days" });
}

const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/** Such as 1.4 GB (powers of 1000). */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit] ?? ""}`;
}
