// A sum as people type it. Pure.

/** "1 269,45" -> 126945; null for what is no sum: letters, too many digits after the comma, more than can be counted. */
export function parseSum(text: string, digits: number): number | null {
  const match = /^(\d+)(?:[.,](\d*))?$/.exec(text.replace(/[\s\u00a0\u202f]/g, ''))
  const fraction = match?.[2] ?? ''
  if (!match || fraction.length > digits) return null
  const minor = Number(match[1]! + fraction.padEnd(digits, '0'))
  return Number.isSafeInteger(minor) ? minor : null
}
