// Time-ordered keys (UUID version 7, RFC 9562): the box's index of idempotency keys grows at its end only.
// crypto.randomUUID is missing on plain HTTP, where guests are, so the random part is taken by hand.

export function uuidv7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  let rest = now
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** When such a key was made, ms since 1970. */
export const timeOf = (key: string): number => parseInt(key.slice(0, 8) + key.slice(9, 13), 16)
