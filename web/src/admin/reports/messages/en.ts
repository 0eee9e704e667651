import type { ReportsMessages } from './ru'

export const en: ReportsMessages = {
  lead: 'What was sold, how it was paid, and how fast the kitchen was, compared with an earlier period.',
  which: 'Report',
  compare: 'Compare',
  with: { previous: 'with the previous period', year: 'with last year', none: 'no comparison' },
  before: (days) => `Before: ${days}`,
  doneOnly: (days, before) => `for ${days}. ${before}`,
  now: (days) => `Now: ${days}`,
  was: (figure) => `was ${figure}`,
  csv: 'Download CSV',
  xlsx: 'Download Excel',
  downloaded: 'The file was downloaded',
  counted: 'How it is counted',
  rules: {
    sales: 'Revenue is paid orders, not counting cancelled and refunded ones. It belongs to the day the order was placed. “Per guest” counts the orders whose guests were counted. Tips are not revenue.',
    taxes: 'Each rate is the one that held when the dish was ordered. The rows add up to the report by day; refunds are taken off already. “Tax not charged” is what was in the price of checks that were freed of it.',
    money: 'Money belongs to the day it was taken or refunded: this is how much must be in the drawer.',
    accounts: 'Money belongs to the day it moved. A deposit is no revenue until a check is paid by it; what is held and owed is at the end of the day.',
    prices: 'What each price list cost: the difference between the menu’s prices and those at which it was sold, before discounts. What was sold at the usual prices is not in it.',
    tips: 'Tips belong to the day of their order and are shared by the rule of that day. It is set under “Charges and discounts”.',
    kitchen: 'The time runs from when a dish was sent to the kitchen until “ready”. Cancelled dishes do not count.',
  },
  emptyTitle: 'Nothing on these days',
  emptyText: 'Choose other days. A report fills in by itself as orders are closed.',
  more: 'The first thousand rows are shown; the total covers all of them.',
  plotOf: (what, days) => `${what}, ${days}. The table below has the same figures.`,
}
