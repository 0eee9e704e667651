/** 12345678 bytes -> "12 MB" (decimal, as shops and sticks count). */
export function sizeOf(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** step
  const format = { style: 'unit', unit: units[step], unitDisplay: 'short' } as const
  return new Intl.NumberFormat(language, { ...format, maximumFractionDigits: value < 10 && step > 1 ? 1 : 0 }).format(value)
}
