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
const BOTH: UserRole[] = ['admin', 'manager']

export const SECTIONS: Section[] = [
  {
    key: 'today',
    roles: BOTH,
    load: () => import('./today/Page.svelte'),
    icon: 'M4 19.5h16M6.5 16v-4M12 16V6.5M17.5 16v-7',
  },
  {
    key: 'orders',
    roles: BOTH,
    load: () => import('./orders/Page.svelte'),
    icon: 'M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9 8.5h6M9 12.5h6',
  },
  {
    key: 'reservations',
    roles: BOTH,
    load: () => import('./reservations/Page.svelte'),
    icon: 'M4.5 6h15v14h-15zM4.5 10.500h15M8.500 3.500V8M15.500 3.500V8',
  },
  {
    key: 'reports',
    roles: BOTH,
    load: () => import('./reports/Page.svelte'),
    icon: 'M4 19.5h16M4.5 15l5-5.5 4 3.5 6-7.5',
  },
  {
    key: 'menu',
    roles: ADMIN,
    load: () => import('./menu/Page.svelte'),
    icon: 'M6 3.5h12v17H6zM9 8h6M9 12h6M9 16h3.5',
  },
  {
    key: 'prices',
    roles: ADMIN,
    load: () => import('./prices/Page.svelte'),
    icon: 'M12 3.5a8.500 8.500 0 100 17 8.500 8.500 0 000-17zM12 7.500v5l3 2',
  },
  {
    key: 'stoplist',
    roles: BOTH,
    load: () => import('./stoplist/Page.svelte'),
    icon: 'M12 3.5a8.500 8.500 0 100 17 8.500 8.500 0 000-17zM6 6l12 12',
  },
  {
    key: 'stock',
    roles: BOTH,
    load: () => import('./stock/Page.svelte'),
    icon: 'M4 8.500h16v11H4zM6 4.500h12l2 4H4zM9.500 12h5',
  },
  {
    key: 'rooms',
    roles: ADMIN,
    load: () => import('./rooms/Page.svelte'),
    icon: 'M3.5 4.5h17v15h-17zM3.5 12h6M13 4.5v6M13 15v4.5',
  },
  {
    key: 'staff',
    roles: ADMIN,
    load: () => import('./staff/Page.svelte'),
    icon: 'M9 11.5a3.25 3.25 0 100-6.5 3.25 3.25 0 000 6.5zM3 19.5c.4-3.4 2.8-5 6-5s5.600 1.600 6 5M16 5.500a3 3 0 010 5.500M17.500 14.800c2 .6 3.200 2.200 3.500 4.700',
  },
  {
    key: 'permissions',
    roles: ADMIN,
    load: () => import('./permissions/Page.svelte'),
    icon: 'M8 14.500a4 4 0 100-8 4 4 0 000 8zM12 10.500h9M17.500 10.500v4M21 10.500v3',
  },
  {
    key: 'payments',
    roles: ADMIN,
    load: () => import('./payments/Page.svelte'),
    icon: 'M3 6.5h18v11H3zM3 10h18M6.5 14.5h4',
  },
  {
    key: 'pay',
    roles: BOTH,
    load: () => import('./pay/Page.svelte'),
    icon: 'M7.5 3.5h9v17h-9zM11 17.5h2M10 7h4M10 10h4',
  },
  {
    key: 'cash',
    roles: BOTH,
    load: () => import('./cash/Page.svelte'),
    icon: 'M3.5 13.5h17v6h-17zM6 13.5v-8h12v8M9 9h6M10.5 16.500h3',
  },
  {
    key: 'fiscal',
    roles: BOTH,
    load: () => import('./fiscal/Page.svelte'),
    icon: 'M5 10.500h14v9H5zM7.500 10.500v-7h9v7M10 6.500h4M8.500 14h.01M12 14h.01M15.500 14h.01M8.500 17h7',
  },
  {
    key: 'accounts',
    roles: BOTH,
    load: () => import('./accounts/Page.svelte'),
    icon: 'M4 5.500h16v13H4zM8 5.500v13M11.500 9.500h5M11.500 13.500h3',
  },
  {
    key: 'customers',
    roles: BOTH,
    load: () => import('./customers/Page.svelte'),
    icon: 'M12 11.500a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM5 19.500c.6-3.800 3.400-5.500 7-5.500s6.400 1.700 7 5.500M18.500 3.500v4M16.500 5.500h4',
  },
  {
    key: 'loyalty',
    roles: ADMIN,
    load: () => import('./loyalty/Page.svelte'),
    icon: 'M12 4l2.400 5 5.600.700-4.100 3.800 1 5.500-4.900-2.700-4.900 2.700 1-5.500L4 9.700 9.600 9z',
  },
  {
    key: 'taxes',
    roles: ADMIN,
    load: () => import('./taxes/Page.svelte'),
    icon: 'M5.500 18.500l13-13M8 9.500a2 2 0 100-4 2 2 0 000 4zM16 18.500a2 2 0 100-4 2 2 0 000 4z',
  },
  {
    key: 'charges',
    roles: ADMIN,
    load: () => import('./charges/Page.svelte'),
    icon: 'M4.500 8h6M7.500 5v6M13.500 16h6M5.500 18.500l13-13',
  },
  {
    key: 'printers',
    roles: BOTH,
    load: () => import('./printers/Page.svelte'),
    icon: 'M7 9V4.500h10V9M7 16.500H4.500V9h15v7.500H17M7 13.500h10v6H7z',
  },
  {
    key: 'devices',
    roles: ADMIN,
    load: () => import('./devices/Page.svelte'),
    icon: 'M6 3.5h12v17H6zM10.5 17.5h3',
  },
  {
    key: 'security',
    roles: ADMIN,
    load: () => import('./security/Page.svelte'),
    icon: 'M12 3.5l7 2.5v5.5c0 4.500-3 7.500-7 9-4-1.500-7-4.500-7-9V6zM9 12l2.200 2.200L15 10',
  },
  {
    key: 'box',
    roles: ADMIN,
    load: () => import('./box/Page.svelte'),
    icon: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  },
  {
    key: 'cloud',
    roles: ADMIN,
    load: () => import('./cloud/Page.svelte'),
    icon: 'M7 18.500a4 4 0 01-.5-7.970 5.500 5.500 0 0110.700-1.030A4.500 4.500 0 0117 18.500z',
  },
  {
    key: 'settings',
    roles: ADMIN,
    load: () => import('./settings/Page.svelte'),
    icon: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5',
  },
]

export const sectionsFor = (role: UserRole): Section[] => SECTIONS.filter((section) => section.roles.includes(role))
