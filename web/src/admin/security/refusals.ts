// What the box refuses in this section, in the person's language.

import { words } from '../messages/words'
import { reasonFor } from '../reasons'
import { s } from './messages/words'

export const own = {
  words: () => ({ ...words(), error: { ...words().error, ...s().refusals } }),
  reasonFor: (message: string) => {
    if (message.startsWith('must be an address')) return s().wrongNet
    if (message.startsWith('must not be wider')) return s().wideNet
    return reasonFor(message)
  },
}
