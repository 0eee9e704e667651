// What is weighed or poured out, as a guest reads it.

import { language } from '../lib/i18n/language.svelte'
import type { Measure, SaleUnit } from '../lib/types'
import { t } from './messages/words'

type Unit = Measure | SaleUnit | null | undefined

/** " / 100 г" behind a price */
export const per = (unit: Unit): string => (unit ? ` / ${t().units[unit]}` : '')

/** "0,350 кг"; pieces as they are */
export const some = (quantity: number, unit: Unit, pieces: string | number = quantity): string | number =>
  unit ? `${quantity.toLocaleString(language.current, { minimumFractionDigits: 3 })} ${t().units[unit]}` : pieces
