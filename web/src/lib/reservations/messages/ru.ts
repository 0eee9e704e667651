import { pluralRu } from '../../i18n/plural'

const guests = (count: number) => pluralRu(count, { one: 'гость', few: 'гостя', many: 'гостей' })

export const ru = {
  title: 'Брони',
  back: 'К столам',
  views: { list: 'Список', timeline: 'По столам', week: 'Неделя' },
  view: 'Вид',
  add: 'Новая бронь',
  addBlock: 'Закрыть стол',
  previous: 'Предыдущий день',
  next: 'Следующий день',
  today: 'Сегодня',
  day: 'День',
  empty: 'Броней на этот день нет.',
  loading: 'Загружаем…',
  away: 'Нет связи с коробкой: брони видны, изменить их пока нельзя.',
  again: 'Ещё раз',
  guests,
  sum: (parties: number, count: number) =>
    `${pluralRu(parties, { one: 'бронь', few: 'брони', many: 'броней' })}, ${guests(count)}`,
  states: {
    BOOKED: 'ожидаем',
    ARRIVED: 'пришли',
    SEATED: 'за столом',
    LEFT: 'ушли',
    CANCELLED: 'отменена',
    NO_SHOW: 'не пришли',
  },
  late: (minutes: number) => `опаздывают на ${minutes} мин`,
  block: 'стол закрыт',
  noTable: 'без стола',
  table: 'Стол',
  tables: 'Столы',
  byItself: 'Подберёт коробка',
  allergies: 'Аллергии',
  notes: 'Пожелания',
  noShows: (count: number) => `не пришли за год: ${count}`,
  fromGuest: 'забронировал сам гость',
  order: 'Заказ открыт',
  moveHint: 'Бронь можно перетащить на другое время или за другой стол. С клавиатуры: стрелки влево и вправо — на 15 минут, вверх и вниз — за соседний стол.',
  unplaced: 'Без стола',
  // what is done with a reservation
  steps: {
    ARRIVE: 'Пришли',
    SEAT: 'Посадить',
    LEAVE: 'Ушли',
    CANCEL: 'Отменить бронь',
    NO_SHOW: 'Не пришли',
    REOPEN: 'Вернуть в ожидание',
  },
  unblock: 'Открыть стол',
  seatAt: 'Посадить за стол',
  change: 'Изменить',
  copy: 'Скопировать подтверждение',
  copied: 'Текст скопирован',
  confirmation: (house: string, name: string, when: string, count: number) =>
    `${name}, ждём вас в «${house}» ${when}, ${guests(count)}. Если планы изменятся, пожалуйста, позвоните нам.`,
  // the form
  newOne: 'Новая бронь',
  party: 'Сколько гостей',
  time: 'Время',
  otherTime: 'Другое время',
  nothingFree: 'На этот день свободного времени нет. Можно указать другое время вручную.',
  full: { PAST: 'прошло', PACING: 'много гостей сразу', TABLES: 'нет столов' },
  minutes: 'На сколько минут',
  name: 'Имя',
  phone: 'Телефон',
  allergiesHint: 'Их увидит официант, когда гости сядут',
  save: 'Сохранить',
  saveAnyway: 'Всё равно записать',
  cancel: 'Не менять',
  reason: 'Почему',
  blockTitle: 'Закрыть столы',
  blockHint: 'Никого не посадят: ремонт, банкет, стол ждёт кого-то.',
  optional: 'не обязательно',
  saved: 'Записано',
  error: {
    table_booked: (_: string, { table, from, until }: Record<string, unknown>) =>
      `Стол ${String(table)} занят с ${String(from)} до ${String(until)}. Выберите другой стол или другое время.`,
    no_table_free: 'Подходящего свободного стола в это время нет. Выберите другое время или запишите без стола.',
    outside_hours: 'В это время броней не принимают.',
    too_many_at_once: 'На эти четверть часа приходит уже слишком много гостей.',
    too_few_seats: (_: string, { seats, party }: Record<string, unknown>) =>
      `За этими столами ${String(seats)} мест, а гостей ${String(party)}.`,
    table_taken: (_: string, { table }: Record<string, unknown>) =>
      `За столом ${String(table)} уже сидят. Освободите его или выберите другой.`,
    table_needed: 'Стола для них нет. Выберите стол.',
    too_early: (_: string, { time }: Record<string, unknown>) => `Их ждут к ${String(time)}: для этого ещё рано.`,
    order_open: (_: string, { table }: Record<string, unknown>) =>
      `На столе ${String(table)} открыт заказ. Сначала закройте его.`,
    other_order: 'Этот заказ не за этим столом или принадлежит другим гостям.',
    reservation_over: 'Гости уже сели, или бронь закрыта: время, число гостей и стол не меняются.',
    reservation_moved_on: 'Кто-то успел раньше: бронь уже в другом состоянии.',
    is_block: 'Закрытый стол ни для кого. Откройте его.',
    table_inactive: 'Этот стол выключен. Выберите другой.',
  },
}

/** Every language says the same things: a missing or extra word is a type error. */
export type BookMessages = typeof ru
