import type { components } from '../../lib/api'
import { language } from '../../lib/i18n/language.svelte'
import { api, ask } from '../ask'
import type { Days } from '../figures/days'
import { saveFile } from '../save-file'

export type Report = components['schemas']['Report']
export type ReportKind = Report['kind']
export type Compare = 'previous' | 'year' | 'none'

export const KINDS = [
  'days',
  'hours',
  'dishes',
  'categories',
  'variations',
  'options',
  'waiters',
  'taxes',
  'payment-methods',
  'accounts',
  'departments',
  'tips',
  'price-lists',
] as const satisfies readonly ReportKind[]

export interface Wanted {
  kind: ReportKind
  days: Days
  compare: Compare
}

const query = ({ days, compare }: Wanted) => ({ date_from: days.from, date_to: days.to, compare })

export async function report(wanted: Wanted): Promise<Report> {
  const found = await ask((as) =>
    api.GET('/reports/{report}', { ...as, params: { path: { report: wanted.kind }, query: query(wanted) } }),
  )
  // The same path gives files when they are asked for; here it was not.
  return found as Report
}

/** Fetches a report as a file and hands it to the browser, named as the box names it. */
export async function downloadReport(wanted: Wanted, format: 'csv' | 'xlsx'): Promise<void> {
  const file: unknown = await ask((as) =>
    api.GET('/reports/{report}', {
      ...as,
      params: { path: { report: wanted.kind }, query: { ...query(wanted), format, lang: language.current } },
      parseAs: 'blob',
    }),
  )
  saveFile(`${wanted.kind}_${wanted.days.from}_${wanted.days.to}.${format}`, file as Blob)
}
