import type { KnownMessages } from './ru'

export const en: KnownMessages = {
  whose: 'Who sits here?',
  isKnown: (name, allergies) => (allergies ? `${name}. Allergies: ${allergies}` : name),
  allergies: 'Allergies',
  notes: 'Note',
  visits: 'Visits',
  favourites: 'Orders most often',
  find: 'Name or phone',
  hint: 'Three letters of the name or the last four digits of the phone.',
  look: 'Find',
  nobody: 'Nobody was found. A manager enters new guests.',
  hasMore: 'Others fit too. Type more of the name or number.',
  takeOff: 'Take the guest off the order',
  other: 'Another guest',
  tooFew: 'Three letters of a name or four digits of a phone are needed.',
}
