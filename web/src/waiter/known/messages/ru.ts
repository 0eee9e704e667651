export const ru = {
  whose: 'Кто за столом?',
  isKnown: (name: string, allergies: string) => (allergies ? `${name}. Аллергии: ${allergies}` : name),
  allergies: 'Аллергии',
  notes: 'Заметка',
  visits: 'Визитов',
  favourites: 'Чаще всего берёт',
  find: 'Имя или телефон',
  hint: 'Три буквы имени или четыре последние цифры телефона.',
  look: 'Найти',
  nobody: 'Никого не нашлось. Новых гостей записывает управляющий.',
  hasMore: 'Подходят и другие. Допишите имя или номер.',
  takeOff: 'Убрать гостя из заказа',
  other: 'Другой гость',
  tooFew: 'Нужно три буквы имени или четыре цифры телефона.',
}

export type KnownMessages = typeof ru
