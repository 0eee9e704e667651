// Which key means what: a bump bar, a number pad and a keyboard in any layout send one of these.

export type Command =
  | { kind: 'ticket'; place: number; start: boolean }
  | { kind: 'arm' | 'disarm' | 'undo' | 'pageOn' | 'pageBack' | 'nextView' | 'soldOut' | 'allDay' | 'help' }
  | { kind: 'walk'; across: number; along: number }

type Key = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey'>

const BY_KEY: Record<string, Command> = {
  '0': { kind: 'undo' },
  Backspace: { kind: 'undo' },
  '+': { kind: 'arm' },
  Escape: { kind: 'disarm' },
  '.': { kind: 'pageOn' },
  ',': { kind: 'pageOn' },
  PageDown: { kind: 'pageOn' },
  '-': { kind: 'pageBack' },
  PageUp: { kind: 'pageBack' },
  '*': { kind: 'nextView' },
  F1: { kind: 'help' },
  ArrowRight: { kind: 'walk', across: 1, along: 0 },
  ArrowLeft: { kind: 'walk', across: -1, along: 0 },
  ArrowDown: { kind: 'walk', across: 0, along: 1 },
  ArrowUp: { kind: 'walk', across: 0, along: -1 },
}

/** Letters by their place: the keyboard may be a Russian one. */
const BY_CODE: Record<string, Command> = {
  KeyS: { kind: 'arm' },
  KeyM: { kind: 'soldOut' },
  KeyA: { kind: 'allDay' },
  KeyH: { kind: 'help' },
}

/** What a key asks for, or null. `armed`: the next number begins a ticket. */
export function commandOf(key: Key, armed: boolean): Command | null {
  if (key.ctrlKey || key.altKey || key.metaKey) return null
  // On a Russian keyboard the question mark is over the 7.
  if (key.key === '?') return { kind: 'help' }
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(key.code)?.[1] ?? /^[1-9]$/.exec(key.key)?.[0]
  if (digit && (key.shiftKey || /^\d$/.test(key.key))) {
    return { kind: 'ticket', place: Number(digit), start: armed || key.shiftKey }
  }
  return BY_KEY[key.key] ?? BY_CODE[key.code] ?? null
}
