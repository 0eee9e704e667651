// What the box says of a wrong field, in the person's language. The box checks; the pages only translate.

import { t } from './messages/words'

type Wrong = ReturnType<typeof t>['wrong']

const REASONS: [RegExp, (wrong: Wrong, found: RegExpMatchArray) => string][] = [
  [/^(must not be empty|is missing)/, (wrong) => wrong.empty],
  [/^must be above 0/, (wrong) => wrong.above],
  [/^must be a percentage/, (wrong) => wrong.percent],
  [/^must be an amount|^must be money/, (wrong) => wrong.amount],
  [/^must be another time/, (wrong) => wrong.sameTime],
  [/^must not be earlier/, (wrong) => wrong.earlier],
  [/^is not there any more/, (wrong) => wrong.gone],
  [/^must have at least (\d+) characters/, (wrong, found) => wrong.least(found[1]!)],
  [/^must have at most (\d+) characters/, (wrong, found) => wrong.most(found[1]!)],
  [/^must be from (\d+) to (\d+)/, (wrong, found) => wrong.range(found[1]!, found[2]!)],
  [/^must be at least (\d+)/, (wrong, found) => wrong.atLeast(found[1]!)],
  [/^must be a whole number/, (wrong) => wrong.number],
  [/^must be 4 to 6 digits/, (wrong) => wrong.digits],
  [/^is one of the PINs that are tried first/, (wrong) => wrong.easyPin],
  [/^must be 3 to 50 Latin/, (wrong) => wrong.username],
]

export function reasonFor(message: string): string {
  for (const [pattern, say] of REASONS) {
    const found = message.match(pattern)
    if (found) return say(t().wrong, found)
  }
  return message
}
