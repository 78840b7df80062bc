/** The parts of a day that have a list of their own. */
export const dayPeriods = ['morning', 'afternoon', 'evening', 'night'] as const;

export type DayPeriod = (typeof dayPeriods)[number];

/** Hours 0–23: from `start` until before `end`; an end that is not later means over midnight. */
export interface HourWindow {
  start: number;
  end: number;
}

export type PeriodWindows = Readonly<Record<DayPeriod, HourWindow>>;

/** The period that `hour` falls in, the first one where windows overlap; null in a gap between them. */
export function periodAt(hour: number, windows: PeriodWindows): DayPeriod | null {
  return dayPeriods.find((period) => contains(windows[period], hour)) ?? null;
}

function contains({ start, end }: HourWindow, hour: number): boolean {
  return start < end ? hour >= start && hour < end : hour >= start || hour < end;
}

/** A moment as its place on the wall: the date (`2026-11-21`) and hour in a zone. */
export function localDay(at: number, timezone: string): { day: string; hour: number } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((item) => item.type === type)?.value ?? '';
  return { day: `${part('year')}-${part('month')}-${part('day')}`, hour: Number(part('hour')) };
}
