// The restaurant's currency, digits and zone, which every figure needs; read once.

import { box } from '../../lib/client'
import { Loaded } from '../loaded.svelte'

export const house = new Loaded(() => box.restaurant())
