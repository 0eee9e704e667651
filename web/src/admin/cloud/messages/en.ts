import { pluralEn } from '../../../lib/i18n/plural'
import type { CloudMessages } from './ru'

const rows = (n: number) => pluralEn(n, { one: 'row', other: 'rows' })

const minutes = (seconds: number) => {
  const all = Math.ceil(seconds / 60)
  return all < 60 ? `${all} min` : `${Math.floor(all / 60)} h ${all % 60} min`
}

export const en: CloudMessages = {
  lead: 'A copy of everything in the cloud. The box works the same with it and without; what piles up while it is offline is sent by itself.',
  link: 'Link',
  connected: (host) => `connected: ${host}`,
  paused: (hours) => `waits for its hours: ${hours}`,
  away: 'the cloud does not answer',
  completeUntil: 'Complete up to',
  never: 'not complete yet',
  waiting: 'Waiting',
  nothingWaits: 'nothing',
  rows,
  rate: 'Speed',
  rowsPerSecond: (n) => `${rows(n)} a second`,
  catchUp: 'Time to catch up',
  lasts: (seconds) => (seconds < 60 ? 'less than a minute' : minutes(seconds)),
  sent: 'Sent in total',
  noneTitle: 'There is no cloud',
  noneText:
    'With a cloud everything on this box is copied to your server, and a new box can be set up in minutes. Whoever looks after your system connects it: the manual tells how, under “Cloud”.',
  late: (since) => `The copy has been late since ${since}. Waiters and cooks see it. Check the internet.`,
  trouble: {
    cloud_unreachable: 'The cloud cannot be reached. Check the internet, and whether the server runs. The box tries by itself; nothing is lost.',
    cloud_silent: 'The cloud does not answer in time. The box tries by itself; nothing is lost.',
    cloud_busy: 'The cloud is busy or starting. The box tries by itself.',
    cloud_full: 'The disk of the cloud’s server is full. Make room there; the box keeps what waits and sends it by itself.',
    cloud_refused:
      'The cloud does not let this box in: it was cut off, or the string is an old one. Ask the cloud’s owner for a new one.',
    cloud_tls: 'The cloud’s certificate is not one to trust, so nothing was sent. It has expired, is somebody else’s, or the box’s clock is wrong.',
    cloud_not_made: 'The cloud’s database has not been prepared. Ask its owner to prepare it.',
    cloud_behind:
      'The cloud has newer data than this box: an old backup was restored here, or an old card was put in. Nothing is sent until you decide.',
    cloud_cloned: 'The cloud knows another machine with a copy of this card. If this box is the right one, say so; if not, switch it off.',
    cloud_fenced: 'Another box runs this restaurant in the cloud now. If this box is the right one, say so; if not, switch it off.',
    cloud_taken:
      'Under this string the cloud has the data of another box. To go on with them, restore this box from the cloud; to replace them with those here, say that this box is the right one.',
  },
  reaches: (moment) => `The cloud’s data reach up to ${moment}.`,
  thisBox: 'This box is the right one',
  thisBoxTitle: 'Replace the cloud’s copy with this box’s data?',
  thisBoxText:
    'Everything on this box is sent to the cloud again, and what is not here is removed there. Another box of this restaurant will be refused. If the newer data are in the cloud, restore the box from the cloud instead.',
  thisBoxDone: 'The cloud is told that this box is the right one',
  menu: 'Menu and settings of the head office',
  noMenu: 'The head office has published nothing yet. The menu is edited here.',
  running: 'Version running',
  published: 'Version published',
  version: (n) => (n == null ? 'none' : `${n}`),
  waitsForClosing: 'The new version waits until no order is open.',
  changes: 'What will change',
  what: {
    restaurant: 'Settings',
    categories: 'Categories',
    dishes: 'Dishes',
    variations: 'Sizes and prices',
    ingredients: 'Ingredients',
  },
  counts: (created, updated, removed) =>
    [created && `${created} new`, updated && `${updated} changed`, removed && `${removed} taken off`].filter(Boolean).join(', '),
  field: {
    price: 'price',
    languages: 'languages',
    guest_orders: 'guests’ orders',
    tax_percent: 'tax, %',
    name: 'name',
    description: 'description',
  },
  from: 'before',
  to: 'after',
  thing: 'What',
  which: 'Field',
  more: (n) => `and ${n} more`,
  applyNow: 'Apply now',
  applied: 'The new version is being applied',
  problem: (version, text) => `Version ${version} cannot be used: ${text}. The one before runs on.`,
  refused: 'What the cloud did not take',
  refusedLead: (n) => `${rows(n)}. Everything else goes on. The cloud itself names the reason; when it is mended, send them again.`,
  table: 'What',
  row: 'Number',
  reason: 'Why',
  sendAgain: 'Send again',
  sentAgain: 'The rows are sent again',
  tables: {
    site: 'Restaurant',
    users: 'Staff',
    locations: 'Rooms',
    tables: 'Tables',
    categories: 'Categories',
    dishes: 'Dishes',
    dish_variations: 'Sizes of dishes',
    ingredients: 'Ingredients',
    dish_ingredients: 'What dishes are made of',
    modifier_groups: 'Groups of options',
    modifier_options: 'Options',
    option_ingredients: 'What options are made of',
    dish_modifier_groups: 'What dishes ask for',
    combo_parts: 'Parts of combos',
    combo_choices: 'Choices of combos',
    payment_methods: 'Payment methods',
    orders: 'Orders',
    order_items: 'Lines of orders',
    payments: 'Payments',
    money_changes: 'Changes of amounts',
  },
}
