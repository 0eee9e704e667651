import type { CommonMessages } from './ru'

export const en: CommonMessages = {
  otherLanguage: 'Русский',
  close: 'Close',
  link: {
    connecting: 'connecting',
    live: 'live',
    stale: (seconds) => `no news for ${seconds} s`,
    offline: (seconds) => `offline for ${seconds} s`,
    said: { connecting: '', live: 'Connected', stale: 'No news from the till', offline: 'No link to the till' },
  },
  error: {
    network: 'The till does not answer. Check that you are on the restaurant’s Wi-Fi and try again.',
    unknown: 'That did not work. Try again; if it does not help, ask a waiter.',
    dish_unavailable: (dish) => (dish ? `“${dish}” has run out.` : 'One of the dishes has run out.'),
    table_inactive: 'This table is not served right now. Please ask a waiter.',
    not_found: 'This is gone. The screen was refreshed.',
    wrong_role: 'This account may not open this screen. Sign in as kitchen or admin.',
    wrong_credentials: 'The name or the password does not fit.',
    sign_in_shut: 'Too many failed tries. Wait a minute and sign in again.',
    token_expired: 'Your sign-in has ended. Sign in again.',
    bad_token: 'This sign-in is no longer valid. Sign in again.',
    order_paid: 'The bill is paid already, nothing can be added to it. Begin a new order.',
    order_closed: 'This order is closed already.',
    order_too_long: 'The order is too long. Please ask a waiter.',
    visit_over: 'This visit is over. Point your camera at the code on the table again.',
    internal: 'Something broke in the till; nothing was changed. Try again; if it does not help, ask a waiter.',
    queue_full: 'The till is busy. Wait a few seconds and try again.',
    storage_full: 'The till has run out of room and takes no orders for now. Please ask a waiter.',
    step_not_allowed: 'Somebody changed this dish already. The screen was refreshed.',
    step_not_yours: 'This account may not do that. Ask a cook or an admin.',
  },
}
