// How a staff device is made to trust the box, system by system: the words of their own menus.

export type System = 'ios' | 'android' | 'windows' | 'macos' | 'linux'

export const SYSTEMS: readonly System[] = ['ios', 'android', 'windows', 'macos', 'linux']

export const NAMES: Record<System, string> = {
  ios: 'iPhone, iPad',
  android: 'Android',
  windows: 'Windows',
  macos: 'macOS',
  linux: 'Linux',
}

/** The system of this device, as its browser tells it; a guess that only opens one of the lists. */
export function systemOf(agent: string): System {
  if (/iPhone|iPad|iPod/.test(agent)) return 'ios'
  if (/Android/.test(agent)) return 'android'
  if (/Windows/.test(agent)) return 'windows'
  // An iPad may say that it is a Mac.
  if (/Mac OS X/.test(agent)) return typeof navigator !== 'undefined' && navigator.maxTouchPoints > 1 ? 'ios' : 'macos'
  return 'linux'
}

export const words = {
  ru: {
    title: 'Сертификат коробки',
    about:
      'Сотрудники работают с коробкой по защищённой связи, чтобы её не прочли гости в той же сети Wi-Fi. На каждый планшет один раз ставят сертификат коробки. Гостям это не нужно.',
    device: 'Система',
    download: 'Скачать сертификат',
    print: 'Отпечаток SHA-256',
    compare: (name: string) => `Сверьте отпечаток с экраном коробки или другого планшета. Сертификат называется «${name}».`,
    qr: 'Эта страница для другого устройства',
    go: 'Открыть QRes',
    after: 'Когда всё сделано:',
    nothing: 'Ничего устанавливать не нужно: у этой коробки сертификат, которому браузеры доверяют сами, или защищённую связь даёт сервер перед ней.',
    limits: 'Сертификат действует только для местных адресов и имён: за чужой сайт он не поручится.',
    failed: 'Коробка не отвечает. Проверьте, что устройство в сети ресторана, и обновите страницу.',
    steps: {
      ios: [
        'Откройте эту страницу в Safari и нажмите «Скачать сертификат», затем «Разрешить».',
        'Настройки → Основные → VPN и управление устройством → загруженный профиль → Установить.',
        'Настройки → Основные → Об этом устройстве → Доверие сертификатам: включите переключатель у сертификата коробки.',
      ],
      android: [
        'Нажмите «Скачать сертификат».',
        'Настройки → Безопасность → Шифрование и учётные данные → Установка сертификатов → Сертификат ЦС. Названия немного отличаются; поиск по настройкам находит по слову «сертификат».',
        'Согласитесь с предупреждением и выберите скачанный файл qres-box.crt. Нужна блокировка экрана.',
      ],
      windows: [
        'Нажмите «Скачать сертификат» и откройте файл.',
        'Установить сертификат → Локальный компьютер → Поместить все сертификаты в следующее хранилище → Доверенные корневые центры сертификации.',
        'Перезапустите браузер.',
      ],
      macos: [
        'Нажмите «Скачать сертификат» и откройте файл: он попадёт в «Связку ключей».',
        'Найдите сертификат коробки, откройте его, раздел «Доверие»: «Всегда доверять».',
        'Закройте окно и введите пароль. Firefox: Настройки → Приватность и защита → Сертификаты → Импортировать.',
      ],
      linux: [
        'Debian, Ubuntu: sudo cp qres-box.crt /usr/local/share/ca-certificates/ и sudo update-ca-certificates.',
        'Chromium: Настройки → Конфиденциальность и безопасность → Настроить сертификаты → Центры сертификации → Импортировать.',
        'Firefox: Настройки → Приватность и защита → Сертификаты → Импортировать.',
      ],
    },
  },
  en: {
    title: 'Trusting the box',
    about:
      'Staff devices talk to the box over an encrypted connection, so that guests on the same Wi-Fi cannot read along. A tablet has to be told once to trust the box. Guests need none of this.',
    device: 'System',
    download: 'Download the certificate',
    print: 'SHA-256 fingerprint',
    compare: (name: string) => `Compare the fingerprint with the box’s own screen or another tablet. The certificate is called “${name}”.`,
    qr: 'This page for another device',
    go: 'Open QRes',
    after: 'When you are done:',
    nothing: 'There is nothing to install: this box has a certificate that browsers trust by themselves, or a server in front of it encrypts the link.',
    limits: 'The certificate counts for local names and addresses only: it cannot vouch for another site.',
    failed: 'The box does not answer. Check that this device is on the restaurant’s Wi-Fi, and load the page again.',
    steps: {
      ios: [
        'Open this page in Safari, tap “Download the certificate”, then Allow.',
        'Settings → General → VPN & Device Management → the downloaded profile → Install.',
        'Settings → General → About → Certificate Trust Settings: switch on the box’s certificate.',
      ],
      android: [
        'Tap “Download the certificate”.',
        'Settings → Security → Encryption & credentials → Install a certificate → CA certificate. The names differ a little; searching the settings for “certificate” finds it.',
        'Accept the warning and choose the downloaded file qres-box.crt. A screen lock is needed.',
      ],
      windows: [
        'Press “Download the certificate” and open the file.',
        'Install Certificate → Local Machine → Place all certificates in the following store → Trusted Root Certification Authorities.',
        'Start the browser again.',
      ],
      macos: [
        'Press “Download the certificate” and open the file: it goes to Keychain Access.',
        'Find the box’s certificate, open it, and under Trust choose “Always Trust”.',
        'Close the window and give your password. Firefox: Settings → Privacy & Security → Certificates → Import.',
      ],
      linux: [
        'Debian, Ubuntu: sudo cp qres-box.crt /usr/local/share/ca-certificates/ and sudo update-ca-certificates.',
        'Chromium: Settings → Privacy and security → Manage certificates → Authorities → Import.',
        'Firefox: Settings → Privacy & Security → Certificates → Import.',
      ],
    },
  },
} as const
