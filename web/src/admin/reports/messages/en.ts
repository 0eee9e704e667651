import type { ReportsMessages } from './ru'

export const en: ReportsMessages = {
  lead: 'What was sold, how it was paid, and how quick the kitchen was, beside what was before.',
  which: 'Report',
  compare: 'Compare',
  with: { previous: 'with the days before', year: 'with the year before', none: 'with nothing' },
  before: (days) => `Before: ${days}`,
  doneOnly: (days, before) => `for ${days}. ${before}`,
  now: (days) => `Now: ${days}`,
  was: (figure) => `was ${figure}`,
  csv: 'Download CSV',
  xlsx: 'Download Excel',
  downloaded: 'The file was downloaded',
  counted: 'How it is counted',
  rules: {
    sales: 'Revenue is paid orders, without cancelled and refunded ones. It stands on the day on which the order was placed.',
    money: 'Money stands on the day on which it was taken or given back: so much must be in the drawer.',
    kitchen: 'The time is from when the kitchen heard of a dish until “ready”. What was called back does not count.',
  },
  emptyTitle: 'There is nothing on these days',
  emptyText: 'Choose other days. A report fills by itself as orders are closed.',
  more: 'The first thousand rows are shown; the total is of all.',
  plotOf: (what, days) => `${what}, ${days}. The same figures stand in the table below.`,
}
