// Words that every page shares: the link, refusals of the box. Pages keep their own in their folders.

export const ru = {
  otherLanguage: 'English',
  close: 'Закрыть',
  less: 'Меньше',
  more: 'Больше',
  link: {
    connecting: 'соединяемся',
    live: 'на связи',
    stale: (seconds: number) => `нет вестей ${seconds} с`,
    offline: (seconds: number) => `нет связи ${seconds} с`,
    said: { connecting: '', live: 'Связь есть', stale: 'От кассы нет вестей', offline: 'Связи с кассой нет' },
  },
  signIn: {
    pin: (name: string) => `${name}, ваш PIN`,
    digit: (n: number) => `Введено цифр: ${n}`,
    erase: 'Стереть',
    enter: 'Войти',
    back: 'Другой человек',
    withPassword: 'Войти по паролю',
    withPin: 'Войти по PIN',
    username: 'Имя для входа',
    password: 'Пароль',
    wrongPin: 'PIN не подходит.',
  },
  error: {
    network: 'Касса не отвечает. Проверьте, что вы в сети ресторана, и повторите.',
    unknown: 'Не получилось. Повторите; если не поможет, позовите официанта.',
    dish_unavailable: (dish: string) => (dish ? `«${dish}» закончилось.` : 'Одно из блюд закончилось.'),
    table_inactive: 'Этот стол сейчас не обслуживается. Спросите официанта.',
    not_found: 'Этого больше нет. Экран обновлён.',
    wrong_role: 'Этой учётной записи сюда нельзя. Войдите под другим именем.',
    wrong_credentials: 'Имя или пароль не подходят.',
    sign_in_shut: 'Слишком много неудачных попыток. Подождите минуту и войдите снова.',
    token_expired: 'Время входа вышло. Войдите снова.',
    bad_token: 'Этот вход больше не действует. Войдите снова.',
    order_paid: 'Счёт уже оплачен, добавить к нему нельзя. Начните новый заказ.',
    order_closed: 'Этот заказ уже закрыт.',
    order_too_long: 'Заказ слишком длинный. Позовите официанта.',
    method_inactive: 'Этот способ оплаты сейчас не принимаем. Выберите другой.',
    nothing_to_pay: 'За этим столом сейчас нечего оплачивать. Если сомневаетесь, позовите официанта.',
    visit_over: 'Этот визит окончен. Наведите камеру на код на столе ещё раз.',
    internal: 'В кассе что-то сломалось, ничего не изменилось. Повторите; если не поможет, позовите официанта.',
    queue_full: 'Касса занята. Подождите несколько секунд и повторите.',
    storage_full: 'В кассе кончилось место, заказы она пока не принимает. Позовите официанта.',
    step_not_allowed: 'Кто-то уже изменил это блюдо. Экран обновлён.',
    step_not_yours: 'Этой учётной записи так нельзя. Попросите повара, официанта заказа или администратора.',
  },
}

/** Every language says the same things: a missing or extra word is a type error. */
export type CommonMessages = typeof ru
