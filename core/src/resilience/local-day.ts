const dayMs = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day, as `YYYY-MM-DD`, that `time` (milliseconds since the epoch) falls on in an IANA zone. */
export function localDay(time: number, timezone: string): string {
  let format = formats.get(timezone);
  if (!format) {
    // Swedish dates are written YYYY-MM-DD.
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(timezone, format);
  }
  return format.format(time);
}

/** Whole days from one `YYYY-MM-DD` to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}

/**
 * The first instant, in milliseconds since the epoch, after the end of `day`. Found by bisection, because days have
 * 23 to 25 hours and do not all begin at midnight.
 */
export function endOfLocalDay(day: string, timezone: string): number {
  // Zones lie between UTC-12 and UTC+14.
  let within = Date.parse(day) - 15 * 3_600_000;
  let after = Date.parse(day) + dayMs + 15 * 3_600_000;
  while (after - within > 1) {
    const middle = Math.floor((within + after) / 2);
    if (localDay(middle, timezone) > day) after = middle;
    else within = middle;
  }
  return after;
}
