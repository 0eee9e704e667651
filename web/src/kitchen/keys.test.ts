import { expect, test } from 'vitest'
import { commandOf } from './keys'

const press = (key: string, code: string, more = {}, armed = false) =>
  commandOf({ key, code, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more }, armed)

test.each([
  ['3', 'Digit3', {}, false, { kind: 'ticket', place: 3, start: false }],
  ['3', 'Numpad3', {}, false, { kind: 'ticket', place: 3, start: false }],
  ['3', 'Digit3', {}, true, { kind: 'ticket', place: 3, start: true }],
  ['#', 'Digit3', { shiftKey: true }, false, { kind: 'ticket', place: 3, start: true }],
  ['№', 'Digit3', { shiftKey: true }, false, { kind: 'ticket', place: 3, start: true }],
  ['3', '', {}, false, { kind: 'ticket', place: 3, start: false }],
  // A number pad without its lock walks.
  ['ArrowUp', 'Numpad8', {}, false, { kind: 'walk', across: 0, along: -1 }],
  ['0', 'Numpad0', {}, false, { kind: 'undo' }],
  ['+', 'NumpadAdd', {}, false, { kind: 'arm' }],
  ['ы', 'KeyS', {}, false, { kind: 'arm' }],
  ['ь', 'KeyM', {}, false, { kind: 'soldOut' }],
  ['?', 'Slash', { shiftKey: true }, false, { kind: 'help' }],
  [',', 'Digit7', { shiftKey: false, ctrlKey: true }, false, null],
  ['x', 'KeyX', {}, false, null],
] as const)('%s (%s)', (key, code, more, armed, expected) => {
  expect(press(key, code, more, armed)).toEqual(expected)
})
