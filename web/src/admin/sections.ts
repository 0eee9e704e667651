// The sections of the admin's app, in the order of the navigation. Each is a folder with its own `Page.svelte`, loaded
// when it is opened. A section is named here when it works.

import type { Component } from 'svelte'
import type { UserRole } from '../lib/types'
import type { AdminMessages } from './messages/ru'

export interface Section {
  key: keyof AdminMessages['sections']
  roles: UserRole[]
  load: () => Promise<{ default: Component }>
  /** the picture beside its name: paths of a 24 x 24 drawing, stroked */
  icon: string
}

const ADMIN: UserRole[] = ['admin']

export const SECTIONS: Section[] = [
  {
    key: 'menu',
    roles: ADMIN,
    load: () => import('./menu/Page.svelte'),
    icon: 'M6 3.5h12v17H6zM9 8h6M9 12h6M9 16h3.5',
  },
  {
    key: 'payments',
    roles: ADMIN,
    load: () => import('./payments/Page.svelte'),
    icon: 'M3 6.5h18v11H3zM3 10h18M6.5 14.5h4',
  },
  {
    key: 'devices',
    roles: ADMIN,
    load: () => import('./devices/Page.svelte'),
    icon: 'M6 3.5h12v17H6zM10.5 17.5h3',
  },
  {
    key: 'box',
    roles: ADMIN,
    load: () => import('./box/Page.svelte'),
    icon: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  },
]

export const sectionsFor = (role: UserRole): Section[] => SECTIONS.filter((section) => section.roles.includes(role))
