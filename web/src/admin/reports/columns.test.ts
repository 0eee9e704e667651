import { expect, test } from 'vitest'
import { shownColumns } from './columns'

type Shown = Parameters<typeof shownColumns>[0]

const report = (kind: Shown['kind'], values: Shown['total']['values'], before: Shown['total']['values'] | null) => ({
  kind,
  columns: [
    { key: 'revenue' as const, unit: 'money' as const },
    { key: 'orders' as const, unit: 'count' as const },
    { key: 'net_sales' as const, unit: 'money' as const },
    { key: 'tax' as const, unit: 'money' as const },
    { key: 'tips' as const, unit: 'money' as const },
  ],
  total: { key: 'total', label: '', values, before },
})
const shown = (...of: Parameters<typeof report>) => shownColumns(report(...of)).map(({ key }) => key)

test('a column of nothing is not shown, unless there was something before', () => {
  expect(shown('days', ['0.00', 0, '0.00', '0.00', '0.00'], null)).toEqual(['revenue', 'orders'])
  expect(shown('days', ['10.00', 1, '10.00', '0.00', '1.00'], null)).toEqual(['revenue', 'orders', 'tips'])
  expect(shown('waiters', ['9.00', 1, '9.00', '0.00', '0.00'], ['1.00', 1, '1.00', '0.00', '0.50'])).toContain('tips')
})

test('what is left without a tax is shown where there is one', () => {
  expect(shown('days', ['10.00', 1, '9.00', '1.00', '0.00'], null)).toEqual(['revenue', 'orders', 'net_sales', 'tax'])
})

test('a column keeps its place in the report, and other reports show all', () => {
  expect(shownColumns(report('days', ['10.00', 1, '10.00', '0.00', '1.00'], null)).at(-1)?.place).toBe(4)
  expect(shown('payment-methods', ['0.00', 0, '0.00', '0.00', '0.00'], null)).toHaveLength(5)
})
