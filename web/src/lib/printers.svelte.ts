// Printers that do not print, and how many slips wait for them: what the box tells staff screens.

import { answered, api, bearer } from './client'
import type { LiveEvent } from './live'
import type { PrinterTrouble } from './types'

class Printers {
  troubles = $state.raw<PrinterTrouble[]>([])

  /** Hears an event of the live feed. */
  hear = (event: LiveEvent): void => {
    if (event.type === 'printers_changed') this.troubles = (event.data?.troubles ?? []) as PrinterTrouble[]
  }

  /** Asks the box, when a screen opens or comes back. What cannot be asked now is told with the next change. */
  load = async (token: string): Promise<void> => {
    const now = await answered(api.GET('/printers/troubles', bearer(token))).catch(() => null)
    if (now) this.troubles = now.troubles
  }
}

export const printers = new Printers()
