import type { SettingsMessages } from './ru'

export const en: SettingsMessages = {
  lead: 'What every screen knows of the restaurant.',
  name: 'Name',
  nameHint: 'Guests see it above the menu and on the cards with QR codes.',
  currency: 'Currency',
  currencyHint: 'It does not change once there are prices in the menu.',
  tax: 'Tax in the prices, %',
  taxHint: 'It is in every price already. 0 for none. An order keeps the rate of its day.',
  zone: 'Time zone',
  zoneHint: 'By it a day begins in the reports, and the clocks of the screens go.',
  dayBegins: 'The day begins at',
  dayBeginsHint: 'Orders before this hour belong to the evening before. Earlier orders stay on their day.',
  guestOrders: 'A guest’s order from the phone',
  guestOrdersHint: {
    confirm_first: 'The first order of a table waits for a waiter, later ones go straight to the kitchen.',
    confirm_always: 'Every order waits for a waiter.',
    direct: 'Every order goes straight to the kitchen.',
  },
  guestOrdersNames: {
    confirm_first: 'Confirm the first one',
    confirm_always: 'Confirm each one',
    direct: 'Confirm none',
  },
  fixed: 'The till’s settings file says this; it can be changed only there.',
  saved: 'The settings were saved',
}
