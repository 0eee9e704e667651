import type { SettingsMessages } from './ru'

export const en: SettingsMessages = {
  lead: 'Name, currency and rules that all screens share.',
  name: 'Name',
  nameHint: 'Guests see it above the menu and on the cards with QR codes.',
  currency: 'Currency',
  currencyHint: 'It cannot be changed once the menu has prices.',
  tax: 'Tax, %',
  taxHint: 'The usual rate, from today on. 0 for none. What was ordered keeps its rate. More rates and their dates: section “Taxes”.',
  zone: 'Time zone',
  zoneHint: 'It decides when a day begins in reports, and what the clocks on the screens show.',
  dayBegins: 'The day begins at',
  nextCourse: 'The next course goes to the kitchen',
  nextCourseByHand: 'when a waiter says so',
  nextCourseAfter: (minutes) => (minutes === 0 ? 'as soon as all before it is served' : `${minutes} min after all before it is served`),
  nextCourseHint: 'A course that a waiter held is fired by a waiter.',
  dayBeginsHint: 'Orders before this hour belong to the evening before. Earlier orders stay on their day.',
  guestOrders: 'Orders from guests’ phones',
  guestOrdersHint: {
    confirm_first: 'The first order of a table waits for a waiter; later ones go straight to the kitchen.',
    confirm_always: 'Every order waits for a waiter.',
    direct: 'Every order goes straight to the kitchen.',
  },
  guestOrdersNames: {
    confirm_first: 'Confirm the first one',
    confirm_always: 'Confirm each one',
    direct: 'Confirm none',
  },
  fixed: 'Set in the box’s settings file; it can only be changed there.',
  saved: 'Settings saved',
}
