// What is the matter with the fiscal register: what the box tells those who sell.

import { answered, api, bearer } from './client'
import type { LiveEvent } from './live'
import type { FiscalTrouble } from './types'

const LEVELS: FiscalTrouble['level'][] = ['NOTE', 'WARN', 'ALARM', 'LAST']

class Fiscal {
  troubles = $state.raw<FiscalTrouble[]>([])

  /** Hears an event of the live feed. */
  hear = (event: LiveEvent): void => {
    if (event.type === 'fiscal_changed') this.troubles = (event.data?.troubles ?? []) as FiscalTrouble[]
  }

  /** Asks the box, when a screen opens or comes back. What cannot be asked now is told with the next change. */
  load = async (token: string): Promise<void> => {
    const now = await answered(api.GET('/fiscal/troubles', bearer(token))).catch(() => null)
    if (now) this.troubles = now.troubles
  }

  /** Those that are at least so grave. */
  from(level: FiscalTrouble['level']): FiscalTrouble[] {
    return this.troubles.filter((one) => LEVELS.indexOf(one.level) >= LEVELS.indexOf(level))
  }
}

export const fiscal = new Fiscal()
