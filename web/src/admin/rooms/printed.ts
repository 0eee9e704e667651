// To which address the codes on the tables lead, and whether the box is still there.

import type { components } from '../../lib/api'
import { api, ask } from '../ask'

export type OutdatedCodes = components['schemas']['OutdatedCodes']

export const outdatedCodes = (): Promise<OutdatedCodes> => ask((as) => api.GET('/tables/qr-sheet/printed', as))

/** Tells that the sheet of a room, or of all, is printed now. */
export const notePrinted = (location_id: number | null): Promise<OutdatedCodes> =>
  ask((as) =>
    api.POST('/tables/qr-sheet/printed', { ...as, params: { query: location_id === null ? {} : { location_id } } }),
  )
