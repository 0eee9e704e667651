export const ru = {
  lead: 'Чем платят гости. Официант и гость выбирают из включённых способов.',
  add: 'Добавить способ',
  added: (name: string) => `Добавлено: ${name}`,
  saved: (name: string) => `Сохранено: ${name}`,
  removed: (name: string) => `Удалено: ${name}`,
  newOne: 'Новый способ оплаты',
  name: 'Название',
  nameHint: 'Так его увидят гости: «Наличные», «Карта», «СБП».',
  state: 'Состояние',
  active: 'можно выбрать',
  inactive: 'выключен',
  canChoose: 'Можно выбрать',
  since: 'Добавлен',
  switchOff: 'Выключить',
  switchOn: 'Включить',
  removeOne: (name: string) => `Удалить «${name}»?`,
  removeText: 'Выбрать его больше не смогут. В старых счетах и отчётах он останется.',
  emptyTitle: 'Способов оплаты пока нет',
  emptyText: 'Добавьте хотя бы один способ, например «Наличные» или «Карта». Без него официант не сможет закрыть счёт.',
  first: 'Добавить первый способ',
}

export type PaymentsMessages = typeof ru
