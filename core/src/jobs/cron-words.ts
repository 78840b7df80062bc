const nicknames: Record<string, string> = {
  '@yearly': 'every year on 1 January at 00:00',
  '@annually': 'every year on 1 January at 00:00',
  '@monthly': 'on day 1 of every month at 00:00',
  '@weekly': 'on Sunday at 00:00',
  '@daily': 'every day at 00:00',
  '@midnight': 'every day at 00:00',
  '@hourly': 'every hour',
};
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Says a cron expression in words where it is of a common form; otherwise repeats the expression. */
export function cronWords(expression: string): string {
  const nickname = nicknames[expression.toLowerCase()];
  if (nickname) return nickname;
  const verbatim = `by cron "${expression}"`;
  const [minute, hour, dayOfMonth, month, dayOfWeek, ...rest] = expression.split(' ');
  if (!minute || !hour || !dayOfMonth || month !== '*' || !dayOfWeek || rest.length > 0) return verbatim;

  const everyDay = dayOfMonth === '*' && dayOfWeek === '*';
  if (everyDay && hour === '*') return minuteWords(minute) ?? verbatim;
  const step = /^\*\/(\d+)$/.exec(hour)?.[1];
  if (everyDay && step && /^\d+$/.test(minute)) return `every ${step} hours at minute ${Number(minute)}`;

  const times = timesOfDay(hour, minute);
  if (!times) return verbatim;
  if (everyDay) return `every day at ${times}`;
  if (dayOfWeek === '*' && /^\d+$/.test(dayOfMonth)) return `on day ${dayOfMonth} of every month at ${times}`;
  const weekdays = dayOfMonth === '*' ? weekdayWords(dayOfWeek) : undefined;
  return weekdays ? `on ${weekdays} at ${times}` : verbatim;
}

function minuteWords(minute: string): string | undefined {
  if (minute === '*') return 'every minute';
  if (minute === '0') return 'every hour';
  if (/^\d+$/.test(minute)) return `every hour at minute ${Number(minute)}`;
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  return step && `every ${step} minutes`;
}

function timesOfDay(hour: string, minute: string): string | undefined {
  if (!/^\d+$/.test(minute) || !/^\d+(,\d+)*$/.test(hour)) return undefined;
  const pad = (value: string): string => value.padStart(2, '0');
  return listed(hour.split(',').map((each) => `${pad(each)}:${pad(minute)}`));
}

function weekdayWords(field: string): string | undefined {
  if (/^(1-5|mon-fri)$/i.test(field)) return 'weekdays';
  const names = field.split(',').map((each) => {
    const index = /^\d$/.test(each) ? Number(each) % 7 : dayNames.indexOf(each.toLowerCase());
    return days[index];
  });
  return names.every((name) => name !== undefined) ? listed(names) : undefined;
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
