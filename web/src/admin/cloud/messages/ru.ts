import { pluralRu } from '../../../lib/i18n/plural'

const rows = (n: number) => pluralRu(n, { one: 'строка', few: 'строки', many: 'строк' })

const minutes = (seconds: number) => {
  const all = Math.ceil(seconds / 60)
  return all < 60 ? `${all} мин` : `${Math.floor(all / 60)} ч ${all % 60} мин`
}

export const ru = {
  lead: 'Копия всего в облаке. Касса работает одинаково с ним и без него; что накопилось без связи, уйдёт само.',
  link: 'Связь',
  connected: (host: string) => `есть: ${host}`,
  paused: (hours: string) => `ждёт своих часов: ${hours}`,
  away: 'облако не отвечает',
  completeUntil: 'Всё скопировано по',
  never: 'ещё не всё',
  waiting: 'Ждёт отправки',
  nothingWaits: 'ничего',
  rows,
  rate: 'Скорость',
  rowsPerSecond: (n: number) => `${rows(n)} в секунду`,
  catchUp: 'Осталось',
  lasts: (seconds: number) => (seconds < 60 ? 'меньше минуты' : minutes(seconds)),
  sent: 'Отправлено всего',
  noneTitle: 'Облака нет',
  noneText:
    'С облаком всё, что есть на кассе, копируется в базу PostgreSQL, и новую кассу можно собрать за минуты. Владелец базы командой qres cloud add-site получает строку для этой кассы. Впишите её в qres.toml как cloud и перезапустите кассу.',
  late: (since: string) => `Копия отстаёт с ${since}. Официанты и кухня это видят. Проверьте интернет.`,
  trouble: {
    cloud_unreachable: 'Облако недоступно. Проверьте интернет и работает ли сервер. Касса пробует сама, ничего не пропадёт.',
    cloud_silent: 'Облако не отвечает вовремя. Касса пробует сама, ничего не пропадёт.',
    cloud_busy: 'Облако занято или запускается. Касса пробует сама.',
    cloud_full: 'На сервере облака кончилось место. Освободите его там; касса хранит всё, что ждёт, и отправит сама.',
    cloud_refused:
      'Облако не впускает эту кассу: её отключили, или строка устарела. Попросите у владельца облака новую строку (qres cloud add-site).',
    cloud_tls: 'Сертификату облака нельзя верить, поэтому ничего не отправлено. Он просрочен, чужой, или на кассе неверное время.',
    cloud_not_made: 'База в облаке не подготовлена. Пусть её владелец выполнит qres cloud init.',
    cloud_behind:
      'В облаке данные новее, чем здесь: на кассе восстановлена старая копия или вставлена старая карта. Пока вы не решите, ничего не отправляется.',
    cloud_cloned: 'Облако знает другую машину с копией этой карты. Если верная касса эта, скажите об этом; если нет, выключите её.',
    cloud_fenced: 'В облаке этот ресторан теперь ведёт другая касса. Если верная касса эта, скажите об этом; если нет, выключите её.',
    cloud_taken:
      'Под этой строкой в облаке данные другой кассы. Чтобы продолжить с ними, соберите кассу командой qres restore --from-cloud; чтобы заменить их здешними, скажите, что верная касса эта.',
  } as Record<string, string>,
  reaches: (moment: string) => `В облаке данные по ${moment}.`,
  thisBox: 'Верная касса — эта',
  thisBoxTitle: 'Заменить копию в облаке данными этой кассы?',
  thisBoxText:
    'Всё, что есть на этой кассе, уйдёт в облако заново, а чего на ней нет, будет там удалено. Другой кассе этого ресторана облако откажет. Если новее данные в облаке, соберите вместо этого кассу заново: qres restore --from-cloud.',
  thisBoxDone: 'Облаку сказано, что верная касса эта',
  menu: 'Меню и настройки от головного офиса',
  noMenu: 'Головной офис ещё ничего не публиковал. Меню правится здесь.',
  running: 'Работает версия',
  published: 'Опубликована версия',
  version: (n: number | null | undefined) => (n == null ? 'нет' : `${n}`),
  waitsForClosing: 'Новая версия ждёт, пока не останется открытых заказов.',
  changes: 'Что изменится',
  what: {
    restaurant: 'Настройки',
    categories: 'Разделы',
    dishes: 'Блюда',
    variations: 'Размеры и цены',
    ingredients: 'Ингредиенты',
  } as Record<string, string>,
  counts: (created: number, updated: number, removed: number) =>
    [created && `новых ${created}`, updated && `изменено ${updated}`, removed && `снято ${removed}`].filter(Boolean).join(', '),
  field: {
    price: 'цена',
    languages: 'языки',
    guest_orders: 'заказы гостей',
    tax_percent: 'налог, %',
    name: 'название',
    description: 'описание',
  } as Record<string, string>,
  from: 'было',
  to: 'станет',
  thing: 'Что',
  which: 'Поле',
  more: (n: number) => `и ещё ${n}`,
  applyNow: 'Применить сейчас',
  applied: 'Новая версия применяется',
  problem: (version: string, text: string) => `Версию ${version} применить нельзя: ${text}. Работает прежняя.`,
  refused: 'Чего облако не приняло',
  refusedLead: (n: number) => `${rows(n)}. Остальное идёт дальше. Причину называет само облако; когда её устранят, отправьте снова.`,
  table: 'Что',
  row: 'Номер',
  reason: 'Почему',
  sendAgain: 'Отправить снова',
  sentAgain: 'Строки отправляются снова',
  tables: {
    site: 'Ресторан',
    users: 'Люди',
    locations: 'Залы',
    tables: 'Столы',
    categories: 'Разделы меню',
    dishes: 'Блюда',
    dish_variations: 'Размеры блюд',
    ingredients: 'Ингредиенты',
    dish_ingredients: 'Состав блюд',
    payment_methods: 'Способы оплаты',
    orders: 'Заказы',
    order_items: 'Строки заказов',
    payments: 'Оплаты',
    money_changes: 'Изменения сумм',
  } as Record<string, string>,
}

export type CloudMessages = typeof ru
