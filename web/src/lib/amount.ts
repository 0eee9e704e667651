// An amount of a good as people type it. Pure.

/** "1 200,5" -> 1200.5; null for what is no amount: letters, below zero, more than three digits after the comma. */
export function parseAmount(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.')
  return /^\d{1,10}(\.\d{0,3})?$/.test(plain) ? Number(plain) : null
}
