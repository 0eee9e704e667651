import type { PaymentsMessages } from './ru'

export const en: PaymentsMessages = {
  lead: 'How guests pay. Waiters and guests choose from the ways that are switched on.',
  add: 'Add a way to pay',
  added: (name) => `“${name}” was added`,
  saved: (name) => `“${name}” was saved`,
  removed: (name) => `“${name}” was removed`,
  newOne: 'New way to pay',
  name: 'Name',
  nameHint: 'Guests read it like this: “Cash”, “Card”.',
  state: 'State',
  active: 'can be chosen',
  inactive: 'switched off',
  canChoose: 'Can be chosen',
  since: 'Added',
  switchOff: 'Switch off',
  switchOn: 'Switch on',
  removeOne: (name) => `Remove “${name}”?`,
  removeText: 'Nobody can choose it any more. It stays in old bills and reports.',
  emptyTitle: 'There is no way to pay yet',
  emptyText: 'Add at least one, such as “Cash” or “Card”. Without it no waiter can close a bill.',
  first: 'Add the first one',
}
