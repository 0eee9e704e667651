export const ru = {
  lead: 'Что продано, как оплачено и как быстро готовила кухня — рядом с тем, что было раньше.',
  which: 'Отчёт',
  compare: 'Сравнить',
  with: { previous: 'с днями перед ними', year: 'с прошлым годом', none: 'ни с чем' },
  before: (days: string) => `Раньше: ${days}`,
  doneOnly: (days: string, before: string) => `за ${days}. ${before}`,
  now: (days: string) => `Сейчас: ${days}`,
  was: (figure: string) => `было ${figure}`,
  csv: 'Скачать CSV',
  xlsx: 'Скачать Excel',
  downloaded: 'Файл скачан',
  counted: 'Как считается',
  rules: {
    sales: 'Выручка — оплаченные заказы без отменённых и возвращённых. Она стоит в дне, когда заказ сделан.',
    money: 'Деньги стоят в дне, когда их взяли или вернули: столько должно быть в кассе.',
    kitchen: 'Время — от момента, когда кухня узнала о блюде, до «готово». Отозванное не считается.',
  },
  emptyTitle: 'За эти дни ничего нет',
  emptyText: 'Выберите другие дни. Отчёт наполняется сам, когда заказы закрывают.',
  more: 'Показана первая тысяча строк; итог — по всем.',
  plotOf: (what: string, days: string) => `${what}, ${days}. Те же числа — в таблице ниже.`,
}

export type ReportsMessages = typeof ru
