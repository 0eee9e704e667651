// The restaurant's currency, digits and zone, which every figure needs; read once.

import { box } from '../../lib/client'
import { language } from '../../lib/i18n/language.svelte'
import { timesOf, type Times } from '../../lib/time'
import { Loaded } from '../loaded.svelte'

export const house = new Loaded(() => box.restaurant())

/** How moments are written here: by the restaurant's clock, wherever its owner sits. */
export const times = (): Times => timesOf(house.value, language.current)
