// What the sign-in says about pairing; apart from the shared words, because guests never read it.

import { language } from '../i18n/language.svelte'

const ru = {
  title: 'Подключить этот планшет',
  lead: 'После этого на нём можно входить по PIN.',
  code: 'Код с экрана администратора',
  name: 'Как назвать планшет',
  nameHint: 'Так его увидит администратор: «Бар», «Зал 1».',
  pair: 'Подключить',
  unpaired: 'Этот планшет ещё не подключён: по PIN на нём не войти. Попросите администратора показать код или войдите по паролю.',
  open: 'Подключить планшет',
  cancel: 'Не сейчас',
  known: (name: string) => `Планшет «${name}»`,
  already: (name: string) => `Этот планшет уже подключён: «${name}».`,
  wrong_pairing_code: 'Код не подошёл: он неверный, уже использован или старше десяти минут. Попросите администратора показать новый.',
  factor: 'Остался второй шаг: код из приложения на вашем телефоне. Если телефона нет под рукой, введите запасной код.',
  factorCode: 'Код',
  wrong_code: 'Код не подошёл или уже использован. Введите следующий.',
  name_taken: 'Планшет с таким названием уже есть. Выберите другое.',
  invalid: 'Впишите код и название, не длиннее 50 знаков.',
}

const en: typeof ru = {
  title: 'Pair this tablet',
  lead: 'Then people can sign in on it with a PIN.',
  code: 'The code on the admin’s screen',
  name: 'What is this tablet called?',
  nameHint: 'The admin sees it like this: “Bar”, “Hall 1”.',
  pair: 'Pair',
  unpaired: 'This tablet is not paired yet, so a PIN does not work on it. Ask an admin for a pairing code, or sign in with a password.',
  open: 'Pair this tablet',
  cancel: 'Not now',
  known: (name) => `Tablet “${name}”`,
  already: (name) => `This tablet is already paired: “${name}”.`,
  wrong_pairing_code: 'This code did not work: it is wrong, used, or older than ten minutes. Ask an admin to show a new one.',
  factor: 'One more step: the code from the app on your phone. Without the phone, enter a backup code.',
  factorCode: 'Code',
  wrong_code: 'Wrong code, or it has already been used. Enter the next one.',
  name_taken: 'There is already a tablet with this name. Choose another.',
  invalid: 'Enter the code and a name of at most 50 characters.',
}

export const w = () => ({ ru, en })[language.current]
