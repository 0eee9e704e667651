import { Once } from '../../lib/once'
import type { FoundPrinter, Printer, PrinterBody, PrinterChanges, PrintJob, Scale, ScaleBody } from '../../lib/types'
import { api, ask, everyRow, Refusal } from '../ask'

/** How many print jobs are shown: the newest. */
const SHOWN = 100

export const printersKnown = (): Promise<Printer[]> =>
  everyRow(async (query) => {
    const list = await ask((as) => api.GET('/printers', { ...as, params: { query } }))
    return { rows: list.printers, total: list.total }
  })

export const addPrinter = (body: PrinterBody) => ask((as) => api.POST('/printers', { ...as, body }))

export const changePrinter = (id: number, body: PrinterChanges) =>
  ask((as) => api.PATCH('/printers/{id}', { ...as, params: { path: { id } }, body }))

/** Where the box is found by plain HTTP, as printers and guests find it. */
export const openOrigin = async (): Promise<string> => new URL((await ask((as) => api.GET('/home', as))).guest).origin

export const removePrinter = (id: number) => ask((as) => api.DELETE('/printers/{id}', { ...as, params: { path: { id } } }))

/** What is asked for again before the box has answered is printed once. */
const once = new Once()
const keyed = (id: number, key: string) => ({ path: { id }, header: { 'Idempotency-Key': key } })

export const testPrinter = (id: number) =>
  once.ask({ test: id }, (key) => ask((as) => api.POST('/printers/{id}/test', { ...as, params: keyed(id, key) })))

export const printAlphabets = (id: number) =>
  once.ask({ alphabets: id }, (key) => ask((as) => api.POST('/printers/{id}/alphabets', { ...as, params: keyed(id, key) })))

export const scales = (): Promise<Scale[]> => ask((as) => api.GET('/scales', as))

/** The addresses of the box's own serial lines. */
export const scaleLines = async (): Promise<string[]> => (await ask((as) => api.GET('/scales/lines', as))).lines

export const addScale = (body: ScaleBody) =>
  once.ask({ scale: body }, (key) => ask((as) => api.POST('/scales', { ...as, body, params: { header: { 'Idempotency-Key': key } } })))

export const changeScale = (id: number, body: ScaleBody) =>
  ask((as) => api.PATCH('/scales/{id}', { ...as, params: { path: { id } }, body }))

export const removeScale = (id: number) => ask((as) => api.DELETE('/scales/{id}', { ...as, params: { path: { id } } }))

export const weigh = (id: number) => ask((as) => api.POST('/scales/{id}/weight', { ...as, params: { path: { id } } }))

export const scan = async (): Promise<FoundPrinter[]> => (await ask((as) => api.POST('/printers/scan', as))).found

export const jobs = async (): Promise<PrintJob[]> =>
  (await ask((as) => api.GET('/print-jobs', { ...as, params: { query: { limit: SHOWN } } }))).print_jobs

/** On its own printer, or on the one that was chosen. */
export const again = (id: number, printer_id: number | null = null) =>
  once.ask({ again: id, printer_id }, (key) =>
    ask((as) => api.POST('/print-jobs/{id}/again', { ...as, params: keyed(id, key), body: { printer_id } })),
  )

export const cancel = (id: number) => ask((as) => api.POST('/print-jobs/{id}/cancel', { ...as, params: { path: { id } } }))

/** A picture for a page: its policy lets no other kind in. */
const readable = (png: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as string)
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'))
    reader.readAsDataURL(png)
  })

/** The dots that are printed. */
export async function picture(id: number): Promise<string> {
  const png = await ask((as) => api.GET('/print-jobs/{id}/preview.png', { ...as, params: { path: { id } }, parseAs: 'blob' }))
  return readable(png as unknown as Blob)
}

/** The dots of the logo; null where there is none. */
export async function logo(): Promise<string | null> {
  try {
    return await readable((await ask((as) => api.GET('/printers/logo', { ...as, parseAs: 'blob' }))) as unknown as Blob)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') return null
    throw error
  }
}

export const setLogo = (image_url: string) => ask((as) => api.PUT('/printers/logo', { ...as, body: { image_url } }))

export const removeLogo = () => ask((as) => api.DELETE('/printers/logo', as))
