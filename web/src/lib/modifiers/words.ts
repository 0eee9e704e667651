// The words of options, which guests, waiters and cooks read alike.

import { language } from '../i18n/language.svelte'

const ru = {
  required: 'обязательно',
  upTo: (n: number) => `до ${n}`,
  exactly: (n: number) => `выберите ${n}`,
  between: (min: number, max: number) => `от ${min} до ${max}`,
  free: (n: number) => `${n} бесплатно`,
  how: (group: string) => `${group}: как`,
  prefix: { NO: 'без', EXTRA: 'больше', ON_THE_SIDE: 'отдельно' },
  half: { 1: '1-я половина', 2: '2-я половина' },
  halfShort: { 1: '1-я ½', 2: '2-я ½' },
  moreOf: (name: string) => `Ещё: ${name}`,
  lessOf: (name: string) => `Меньше: ${name}`,
  lack: (group: string, left: number) => (left > 1 ? `${group}: выберите ещё ${left}` : `Выберите: ${group}`),
  optionsOf: (dish: string) => `Добавки: ${dish}`,
  gone: 'Из выбранного чего-то больше нет.',
  allergens: (names: string) => `содержит: ${names}`,
  wrong: {
    gone: (name: string) => `${name}: этого больше нет.`,
    sold_out: (name: string) => `${name}: закончилось.`,
    price_changed: (name: string, price: string) => `${name}: теперь ${price}.`,
    too_few: (name: string, limit: number) => `${name}: нужно выбрать ${limit}.`,
    too_many: (name: string, limit: number) => `${name}: можно не больше ${limit}.`,
    other: (name: string) => `${name}: так выбрать нельзя.`,
  },
  menuMoved: 'Меню изменилось, посмотрите отмеченное.',
  unsent: 'Остальное сохранено: ничего не заказано, пока вы не отправите снова.',
  changeLine: (dish: string) => `Изменить: ${dish}`,
  change: 'Изменить',
}

const en: typeof ru = {
  required: 'required',
  upTo: (n) => `up to ${n}`,
  exactly: (n) => `choose ${n}`,
  between: (min, max) => `${min} to ${max}`,
  free: (n) => `${n} free`,
  how: (group) => `${group}: how`,
  prefix: { NO: 'no', EXTRA: 'extra', ON_THE_SIDE: 'on the side' },
  half: { 1: 'First half', 2: 'Second half' },
  halfShort: { 1: '1st ½', 2: '2nd ½' },
  moreOf: (name) => `More: ${name}`,
  lessOf: (name) => `Less: ${name}`,
  lack: (group, left) => (left > 1 ? `${group}: choose ${left} more` : `Choose: ${group}`),
  optionsOf: (dish) => `Options: ${dish}`,
  gone: 'Something of this choice cannot be had any more.',
  allergens: (names) => `contains: ${names}`,
  wrong: {
    gone: (name) => `${name}: not on the menu any more.`,
    sold_out: (name) => `${name}: sold out.`,
    price_changed: (name, price) => `${name}: ${price} now.`,
    too_few: (name, limit) => `${name}: choose ${limit}.`,
    too_many: (name, limit) => `${name}: no more than ${limit}.`,
    other: (name) => `${name}: cannot be chosen like this.`,
  },
  menuMoved: 'The menu has changed, look at what is marked.',
  unsent: 'The rest is kept: nothing is ordered until you send it again.',
  changeLine: (dish) => `Change: ${dish}`,
  change: 'Change',
}

const own = { ru, en }

export const c = () => own[language.current]
