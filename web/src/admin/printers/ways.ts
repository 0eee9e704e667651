// How a printer is reached, as its address begins. Pure.

export const WAYS = ['wire', 'epos', 'webprnt', 'pull'] as const
export type Way = (typeof WAYS)[number]

/** An address in two: `epos:192.168.1.51` is `epos` and `192.168.1.51`. */
function parted(address: string): [Way, string] {
  const way = WAYS.find((one) => one !== 'wire' && address.toLowerCase().startsWith(`${one}:`))
  return way ? [way, address.slice(way.length + 1)] : ['wire', address]
}

export const wayOf = (address: string): Way => parted(address)[0]

/** Without what says how it is reached; of a printer that asks, the name by which it does. */
export const placeOf = (address: string): string => parted(address)[1]

/** As the box keeps it. What somebody pasted with its way is not told twice. */
export const addressOf = (way: Way, place: string): string => {
  const plain = placeOf(place.trim())
  // A printer that did not ask before has the address of something else, and gets a name of its own.
  if (way === 'pull') return /^[0-9a-z]{16,}$/i.test(plain) ? `pull:${plain}` : 'pull:'
  return way === 'wire' ? place : `${way}:${plain}`
}

/** What an owner enters in a printer that asks: its maker decides which. Printers ask by plain HTTP. */
export const asksAt = (origin: string, name: string): { maker: string; url: string }[] =>
  [
    ['Epson Server Direct Print', 'epson'],
    ['Star CloudPRNT', 'star'],
  ].map(([maker, path]) => ({ maker: maker!, url: `${origin}/print/${path}/${name}` }))
