export const words = {
  ru: {
    about: 'Касса работает. Откройте своё место здесь или наведите на его код камеру другого телефона или планшета.',
    places: {
      guest: ['Гость', 'Меню и заказ. На столах стоят такие же коды, каждый со своим столом.'],
      waiter: ['Официант', 'Столы, заказы и счета'],
      kitchen: ['Кухня', 'Заказы на экране повара'],
      admin: ['Владелец', 'Меню, зал, сотрудники и отчёты'],
    },
    code: (place: string) => `QR-код: ${place}`,
    trust: 'Планшет говорит, что связь не защищена? Один раз научите его доверять кассе.',
    address: 'Касса в этой сети:',
    failed: 'Касса не ответила, поэтому кодов нет. Ссылки работают.',
    developers: 'Для разработчиков:',
    docs: 'попробовать API',
    redoc: 'справочник',
  },
  en: {
    about: 'The till is running. Open your place here, or point the camera of another phone or tablet at its code.',
    places: {
      guest: ['Guest', 'The menu and ordering. The codes on the tables are the same, each with its table.'],
      waiter: ['Waiter', 'Tables, orders and bills'],
      kitchen: ['Kitchen', 'Orders on the cook’s screen'],
      admin: ['Owner', 'Menu, rooms, people and reports'],
    },
    code: (place: string) => `QR code: ${place}`,
    trust: 'Does a tablet say that the connection is not safe? Teach it once to trust the till.',
    address: 'The till in this network:',
    failed: 'The till did not answer, so there are no codes. The links work.',
    developers: 'For developers:',
    docs: 'try the API',
    redoc: 'reference',
  },
} as const
