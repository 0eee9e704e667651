// Saves of this section, with its own refusals told in the person's words.

import { words as shared } from '../messages/words'
import { reasonFor as sharedReason } from '../reasons'
import { Saving } from '../saving.svelte'
import { m } from './messages/words'

export const words = () => ({ ...shared(), error: { ...shared().error, ...m().error } })

type Wrong = ReturnType<typeof m>['wrong']

const REASONS: [RegExp, (wrong: Wrong, found: RegExpMatchArray) => string][] = [
  [/^must be g, ml or pc/, (wrong) => wrong.baseUnit],
  [/^must be RAW/, (wrong) => wrong.goodKind],
  [/^is counted in (\S+) already/, (wrong, found) => wrong.countedIn(found[1]!)],
  [/^is (\S+), and another good has this code/, (wrong, found) => wrong.otherCode(found[1]!)],
  [/^is of a pack/, (wrong) => wrong.ofPack],
  [/^is to be named, or option, or prep/, (wrong) => wrong.oneOfThree],
  [/^is another than in the lines above/, (wrong) => wrong.otherBatch],
  [/^must be more than 0/, (wrong) => wrong.positive],
  [/^is “.*”, which is no number/, (wrong) => wrong.number],
  [/can be read in (several|one)|^has three digits behind/, (wrong) => wrong.unclear],
  [/has a cell that stands in no column/, (wrong) => wrong.noColumn],
  [/^opens a quote/, (wrong) => wrong.quotes],
  [/^stands in the first line twice/, (wrong) => wrong.columnTwice],
  [/^must stand on one line/, (wrong) => wrong.oneLine],
  [/^must not contain invisible/, (wrong) => wrong.invisible],
  [/^must be a (decimal )?number/, (wrong) => wrong.number],
  [/^must be (an amount|money|a price)/, (wrong) => wrong.number],
  [/^must be read off the package again: .* would be (\d)/, (wrong, found) => wrong.barcode(found[1]!)],
  [/^must be a barcode of/, (wrong) => wrong.noBarcode],
  [/^is taken/, (wrong) => wrong.taken],
  [/^must be (bar|one of bar)/, (wrong) => wrong.department],
  [/^must be piece/, (wrong) => wrong.unit],
  [/^must be yes or no/, (wrong) => wrong.yesNo],
  [/^must be dine in/, (wrong) => wrong.channel],
  [/^must be none, dearest/, (wrong) => wrong.halves],
  [/^must be no, extra/, (wrong) => wrong.prefix],
  [/^must be days of the week/, (wrong) => wrong.weekdays],
  [/^must be admin, manager/, (wrong) => wrong.role],
  [/^must be a time such as/, (wrong) => wrong.time],
  [/^must be a da(y|te) such as/, (wrong) => wrong.day],
  [/^must not contain control/, (wrong) => wrong.characters],
  [/^must be at most (\d[\d ]*)/, (wrong, found) => wrong.atMost(found[1]!)],
  [/^must be a change in percent/, (wrong) => wrong.change],
  [/^must say one of price/, (wrong) => wrong.oneOf],
  [/^names “(.+)”, and there is no tax class/, (wrong, found) => wrong.noTax(found[1]!)],
  [/^stands in the file twice/, (wrong) => wrong.twice],
  [/^names “(.+)”, which is not among/, (wrong, found) => wrong.unknown(found[1]!)],
  [/^must have one default/, (wrong) => wrong.default],
  [/^must hold at least one variation/, (wrong) => wrong.variation],
  [/^is “(.+?)”, which (“.+) has already$/, (wrong, found) => wrong.codeTaken(found[1]!, found[2]!)],
  [/^names “(.+)”, and several .* have this name/, (wrong, found) => wrong.several(found[1]!)],
  [/^names number (\d+) of “(.+)”, and there are (\d+)/, (wrong, found) => wrong.fewer(found[2]!, found[3]!)],
  [/^names “(.+)”, which is not /, (wrong, found) => wrong.notThere(found[1]!)],
  [
    /^“(.+)” asks for (\d+) of “(.+)”, and its options give (\d+)/,
    (wrong, found) => wrong.tooFewOptions(found[1]!, found[2]!, found[3]!, found[4]!),
  ],
  [/^“(.+)”, .* is a part of the combo “(.+)”, whose parts/, (wrong, found) => wrong.byPiece(found[1]!, found[2]!)],
]

export function reasonFor(message: string): string {
  for (const [pattern, say] of REASONS) {
    const found = message.match(pattern)
    if (found) return say(m().wrong, found)
  }
  return sharedReason(message)
}

export const menuSaving = (fieldOf: Record<string, string> = {}) => new Saving(fieldOf, { words, reasonFor })
