const isoDate = /\b\d{4}-\d{2}-\d{2}\b/g;

/**
 * The day on which something deprecated is to be removed: the latest date of the form yyyy-mm-dd in the reason; null
 * when the reason names no day of the calendar.
 */
export function removalDateOf(reason: string): string | null {
  const days = [...reason.matchAll(isoDate)].map(([day]) => day).filter(isDayOfCalendar);
  return days.sort().at(-1) ?? null;
}

/** Whether a day (yyyy-mm-dd) is over, in UTC. */
export function hasPassed(day: string, today: Date): boolean {
  return day < today.toISOString().slice(0, 10);
}

function isDayOfCalendar(day: string): boolean {
  const date = new Date(`${day}T00:00:00.000Z`);
  // A Date takes 2026-02-30 for a day of March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
