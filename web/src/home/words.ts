export const words = {
  ru: {
    about: 'QRes работает. Откройте своё место здесь или наведите на его код камеру другого телефона или планшета.',
    places: {
      guest: ['Гость', 'Меню и заказ. На столах стоят такие же коды, каждый со своим столом.'],
      waiter: ['Официант', 'Столы, заказы и счета'],
      kitchen: ['Кухня', 'Заказы на экране повара'],
      admin: ['Владелец', 'Меню, зал, сотрудники и отчёты'],
    },
    code: (place: string) => `QR-код: ${place}`,
    trust: 'Планшет сообщает, что соединение не защищено? Установите на нём сертификат коробки.',
    address: 'Адрес в этой сети:',
    failed: 'Коробка не ответила, поэтому кодов нет. Ссылки работают.',
    developers: 'Для разработчиков:',
    docs: 'попробовать API',
    redoc: 'справочник',
  },
  en: {
    about: 'QRes is running. Open your place here, or point the camera of another phone or tablet at its code.',
    places: {
      guest: ['Guest', 'Menu and ordering. The codes on the tables are like this one, each for its own table.'],
      waiter: ['Waiter', 'Tables, orders and bills'],
      kitchen: ['Kitchen', 'Orders on the cook’s screen'],
      admin: ['Owner', 'Menu, rooms, staff and reports'],
    },
    code: (place: string) => `QR code: ${place}`,
    trust: 'Does a tablet say that the connection is not secure? Install the box’s certificate on it once.',
    address: 'Address in this network:',
    failed: 'The box did not answer, so the codes are missing. The links work.',
    developers: 'For developers:',
    docs: 'try the API',
    redoc: 'reference',
  },
} as const
