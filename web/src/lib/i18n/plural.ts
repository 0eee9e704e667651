// Picks a word's form by the rules of its language: 1 блюдо, 2 блюда, 5 блюд.

const rules = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') }

type Forms<L extends keyof typeof rules> = L extends 'ru'
  ? { one: string; few: string; many: string }
  : { one: string; other: string }

export function pluralRu(n: number, forms: Forms<'ru'>): string {
  const form = rules.ru.select(n)
  return `${n} ${form === 'one' ? forms.one : form === 'few' ? forms.few : forms.many}`
}

export function pluralEn(n: number, forms: Forms<'en'>): string {
  return `${n} ${rules.en.select(n) === 'one' ? forms.one : forms.other}`
}
