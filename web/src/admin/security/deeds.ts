// What an admin did, in words: the box notes the route of a request, "POST /dishes/{dish_id}/variations".

import type { SecurityMessages } from './messages/ru'

type Deeds = SecurityMessages['deeds']

/** The longest beginning that fits tells what it was. */
const THINGS: [string, keyof Deeds['things']][] = [
  ['/dishes/{dish_id}/variations', 'sizes'],
  ['/dishes', 'dishes'],
  ['/categories', 'categories'],
  ['/ingredients', 'ingredients'],
  ['/uploads', 'photos'],
  ['/import', 'import'],
  ['/tables', 'tables'],
  ['/locations', 'rooms'],
  ['/users/{id}/password', 'passwords'],
  ['/users/{id}/sessions', 'signIns'],
  ['/users/{id}/permissions', 'permissions'],
  ['/roles', 'permissions'],
  ['/approvals', 'approvals'],
  ['/reasons', 'reasons'],
  ['/tax-classes', 'taxes'],
  ['/adjustment-rules', 'rules'],
  ['/tips', 'tips'],
  ['/users', 'people'],
  ['/auth', 'signIns'],
  ['/payment-methods', 'payments'],
  ['/house-accounts', 'accounts'],
  ['/stock', 'stock'],
  ['/suppliers', 'stock'],
  ['/stop-list', 'stopList'],
  ['/devices', 'tablets'],
  ['/security/blocks', 'blocks'],
  ['/security/whitelist', 'trusted'],
  ['/box', 'backups'],
  ['/jobs', 'jobs'],
  ['/cloud', 'cloud'],
  ['/restaurant', 'settings'],
]

const DEEDS: Record<string, keyof Deeds['done']> = { POST: 'added', PUT: 'changed', PATCH: 'changed', DELETE: 'removed' }

/** "Меню, размеры и цены: добавлено"; a route that is not known here is told as a change of the settings. */
export function deedOf(route: string, words: Deeds): string {
  const [method = '', path = ''] = route.split(' ')
  const done = DEEDS[method]
  if (!done || !path.startsWith('/')) return route
  const thing = THINGS.find(([start]) => path.startsWith(start))?.[1] ?? 'other'
  return `${words.things[thing]}: ${words.done[done]}`
}
