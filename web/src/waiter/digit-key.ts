// A digit on a keyboard that stands for a choice.

/** The digit, with Shift or without, wherever nobody types and no sheet is open; null: it is no such key. */
export function digitOf(event: KeyboardEvent, withShift: boolean): number | null {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
  if (isTyping || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey !== withShift) return null
  if (document.querySelector('dialog[open]')) return null
  // With Shift a key says its other sign.
  const [, digit] = (withShift ? /^Digit(\d)$/.exec(event.code) : /^(\d)$/.exec(event.key)) ?? []
  return digit === undefined ? null : Number(digit)
}
