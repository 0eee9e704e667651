// Times of day as the restaurant's own clock shows them, wherever the screen thinks it is.

const formats = new Map<string, Intl.DateTimeFormat>()

/** ms since 1970 -> "19:42" in the zone ("Europe/Moscow"). */
export function clock(at: number, timezone: string): string {
  let format = formats.get(timezone)
  if (!format) {
    format = new Intl.DateTimeFormat('ru', { hour: '2-digit', minute: '2-digit', timeZone: timezone })
    formats.set(timezone, format)
  }
  return format.format(at)
}
