// The values of an entry of the audit trail, as a person reads them.

type Values = Record<string, unknown> | null | undefined

export interface Reader {
  /** the names of the values */
  fields: Record<string, string>
  /** what stands for a word of the box, e.g. of a role */
  words: Record<string, string>
  money: (amount: string) => string
}

/** These are sums of money, whatever they are sums of. */
const MONEY = /^(price|totals?|amount|sum|paid|refunded|tip|balance|credit_limit|.*_price|.*_total)$/

/** `price: 350 ₽, name: Portion`; a dash where there is nothing. */
export function told(values: Values, reader: Reader): string {
  const parts = Object.entries(values ?? {}).flatMap(([name, value]) => {
    const text = plain(name, value, reader)
    return text === '' ? [] : [`${reader.fields[name] ?? name.replaceAll('_', ' ')}: ${text}`]
  })
  return parts.length === 0 ? '—' : parts.join(', ')
}

function plain(name: string, value: unknown, reader: Reader): string {
  if (value === null || value === undefined) return ''
  if (value === true) return '✓'
  if (value === false) return '✕'
  if (Array.isArray(value)) return value.map((one) => plain(name, one, reader)).join(', ')
  if (typeof value === 'object') {
    return Object.entries(value).map(([key, one]) => plain(key, one, reader)).filter(Boolean).join(' × ')
  }
  const text = String(value)
  if (MONEY.test(name) && /^-?\d+(\.\d+)?$/.test(text)) return reader.money(text)
  return reader.words[text] ?? text
}
