import type { CashDrawer, CashDrawerRequest, CashDrawerUpdate, CashReport, CashShift } from '../../lib/types'
import { Refusal } from '../../lib/http'
import { Once } from '../../lib/once'
import { api, ask, everyRow } from '../ask'

/** Shifts a page. */
export const PAGE = 50

export const drawers = (): Promise<CashDrawer[]> =>
  everyRow(async (query) => {
    const list = await ask((as) => api.GET('/cash/drawers', { ...as, params: { query } }))
    return { rows: list.drawers, total: list.total }
  })

export const addDrawer = (body: CashDrawerRequest) => ask((as) => api.POST('/cash/drawers', { ...as, body }))

export const changeDrawer = (id: number, body: CashDrawerUpdate) =>
  ask((as) => api.PATCH('/cash/drawers/{id}', { ...as, params: { path: { id } }, body }))

export const removeDrawer = (id: number) => ask((as) => api.DELETE('/cash/drawers/{id}', { ...as, params: { path: { id } } }))

export const shifts = (skip: number, onlyDiffers: boolean) =>
  ask((as) =>
    api.GET('/cash/shifts', { ...as, params: { query: { skip, limit: PAGE, ...(onlyDiffers ? { differs: true } : {}) } } }),
  )

/** The Z of a closed shift; the X of one that goes on. */
export const report = ({ id, state }: CashShift): Promise<CashReport> => {
  const params = { path: { id } }
  return state === 'CLOSED'
    ? ask((as) => api.GET('/cash/shifts/{id}/z', { ...as, params }))
    : ask((as) => api.GET('/cash/shifts/{id}/x', { ...as, params }))
}

/** What is asked for again before the box has answered is printed once. */
const once = new Once()

/** Sends the X or the Z to a printer; false where none prints such. */
export async function printReport({ id, state }: CashShift): Promise<boolean> {
  const what = state === 'CLOSED' ? 'Z' : 'X'
  try {
    await once.ask({ id, what }, (key) =>
      ask((as) => api.POST('/cash/shifts/{id}/print', { ...as, params: { path: { id }, header: { 'Idempotency-Key': key } }, body: { what } })),
    )
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'no_printer') return false
    throw error
  }
}
