import type { PaymentsMessages } from './ru'

export const en: PaymentsMessages = {
  lead: 'How guests pay. Waiters and guests choose from the methods that are switched on.',
  add: 'Add a payment method',
  added: (name) => `Added: ${name}`,
  saved: (name) => `Saved: ${name}`,
  removed: (name) => `Removed: ${name}`,
  newOne: 'New payment method',
  name: 'Name',
  nameHint: 'As guests will see it: “Cash”, “Card”.',
  state: 'State',
  active: 'available',
  inactive: 'switched off',
  canChoose: 'Available',
  since: 'Added',
  switchOff: 'Switch off',
  switchOn: 'Switch on',
  removeOne: (name) => `Remove “${name}”?`,
  removeText: 'It can no longer be chosen. It stays in old bills and reports.',
  emptyTitle: 'No payment methods yet',
  emptyText: 'Add at least one, such as “Cash” or “Card”. Without one, waiters cannot close a bill.',
  first: 'Add the first one',
}
