import type { SuggestedMessages } from './ru'

export const en: SuggestedMessages = {
  title: 'Often taken with this',
  with: (name) => `often taken with “${name}”`,
  add: (name) => `Add ${name}`,
}
