// The heads of each sheet, as a template has them: the same columns in both languages.

import type { SheetKind } from './api'

export const COLUMNS: Record<SheetKind, { en: string; ru: string }> = {
  menu: {
    en: 'category, dish, description, variation, price, unit, department, code, sku, cooking_time, weight, calories, allergens, tax_class, external_id, barcodes, dish_external_id',
    ru: 'Раздел, Блюдо, Описание, Вариант, Цена, Единица, Цех, Код, Артикул, Минут, Вес, Калории, Аллергены, Налог, Внешний код, Штрихкоды, Внешний код блюда',
  },
  options: {
    en: 'group, option, price, is_default, min, max, free, halves, prefixes, kitchen_name, max_quantity, weight, calories, allergens, nested_group, external_id, dishes',
    ru: 'Группа добавок, Добавка, Доплата, Входит, Не меньше, Не больше, Бесплатно, Половины, Приставки, На кухне, Сколько раз, Вес, Калории, Аллергены, Спросить ещё, Внешний код, Блюда',
  },
  combos: { en: 'combo, part, category, dish, variation, surcharge, is_default, part_number', ru: 'Комбо, Часть, Раздел, Блюдо, Вариант, Доплата, Обычное, Номер части' },
  prices: {
    en: 'price_list, period, location, channel, round_to, priority, is_active, category, dish, variation, price, percent, minus',
    ru: 'Прайс-лист, Период, Зал, Как продаётся, Округлять до, Приоритет, Действует, Раздел, Блюдо, Вариант, Цена, Процент, Дешевле на',
  },
  periods: { en: 'period, weekdays, time_from, time_to, date_from, date_to', ru: 'Период, Дни, С, До, С даты, По дату' },
}
