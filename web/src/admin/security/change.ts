// The values of an entry of the audit trail, as a person reads them.

type Values = Record<string, unknown> | null | undefined

/** `price: 350.00, name: Portion`; a dash where there is nothing. */
export function told(values: Values, words: Record<string, string>): string {
  const parts = Object.entries(values ?? {}).flatMap(([name, value]) => {
    const text = plain(value)
    return text === '' ? [] : [`${words[name] ?? name}: ${text}`]
  })
  return parts.length === 0 ? '—' : parts.join(', ')
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value === true) return '✓'
  if (value === false) return '✕'
  if (Array.isArray(value)) return value.map(plain).join(' ')
  if (typeof value === 'object') return Object.values(value).map(plain).filter(Boolean).join(' × ')
  return String(value)
}
