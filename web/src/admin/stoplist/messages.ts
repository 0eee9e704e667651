// The stop-list's words.

import { language } from '../../lib/i18n/language.svelte'

const ru = {
  lead: 'Чего сейчас нет: гости и официанты этого не видят, пока вы не вернёте.',
  off: 'В стоп-листе',
  nothing: 'Стоп-лист пуст: продаётся всё.',
  on: 'Продаётся',
  find: 'Найти блюдо',
  stop: 'В стоп-лист',
  stopWhat: (dish: string) => `В стоп-лист: ${dish}`,
  back: 'Вернуть',
  backWhat: (dish: string) => `Вернуть: ${dish}`,
  no: (size: string) => `нет ${size}`,
  options: 'Добавки',
  notFound: 'Такого блюда в меню нет.',
}

const en: typeof ru = {
  lead: 'What you are out of: guests and waiters do not see it until you put it back.',
  off: 'On the stop list',
  nothing: 'The stop list is empty: everything is on sale.',
  on: 'On sale',
  find: 'Find a dish',
  stop: 'Stop',
  stopWhat: (dish) => `Stop selling: ${dish}`,
  back: 'Put back',
  backWhat: (dish) => `Put back: ${dish}`,
  no: (size) => `no ${size}`,
  options: 'Options',
  notFound: 'There is no such dish on the menu.',
}

export const l = () => ({ ru, en })[language.current]
