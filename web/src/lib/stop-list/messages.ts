// The words of portions that are counted.

import { language } from '../i18n/language.svelte'

const ru = {
  title: 'Осталось порций',
  lead: 'Каждый заказ вычитает сам, на нуле блюдо уходит из меню.',
  left: (count: string) => `осталось ${count}`,
  none: 'кончилось',
  byGoods: (count: string) => `продуктов на ${count}`,
  size: 'Блюдо и размер',
  choose: 'Выберите блюдо',
  count: 'Сколько осталось',
  set: 'Считать',
  stop: 'Не считать',
  stopWhat: (name: string) => `Больше не считать: ${name}`,
}

const en: typeof ru = {
  title: 'Portions left',
  lead: 'Each order counts them down; at zero the dish leaves the menu.',
  left: (count) => `${count} left`,
  none: 'none left',
  byGoods: (count) => `goods for ${count}`,
  size: 'Dish and size',
  choose: 'Choose a dish',
  count: 'How many are left',
  set: 'Count',
  stop: 'Stop counting',
  stopWhat: (name) => `Stop counting: ${name}`,
}

export const p = () => ({ ru, en })[language.current]
