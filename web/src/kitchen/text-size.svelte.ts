// Three sizes of text for this one screen: a wall is read from two metres, a tablet on the pass from half of one.

import { lasting, recall, remember } from '../lib/storage'

const KEY = 'qres.kitchen.text'
const SCALES = { small: 0.85, middle: 1, large: 1.25 }

export type TextSize = keyof typeof SCALES
export const TEXT_SIZES = Object.keys(SCALES) as TextSize[]

const isSize = (value: unknown): value is TextSize => TEXT_SIZES.includes(value as TextSize)

class Text {
  size = $state<TextSize>(recall(lasting, KEY, isSize) ?? 'middle')
  scale = $derived(SCALES[this.size])

  choose(size: TextSize): void {
    this.size = size
    remember(lasting, KEY, size)
    this.apply()
  }

  apply(): void {
    document.documentElement.style.setProperty('--text', String(this.scale))
  }
}

export const text = new Text()
