// What courses are called: by their turn. Pure.

import type { Lang } from './i18n/language.svelte'

export const COURSES = [1, 2, 3, 4, 5]

const NAMES: Record<Lang, string[]> = {
  ru: ['Первая подача', 'Вторая подача', 'Третья подача', 'Четвёртая подача', 'Пятая подача'],
  en: ['First course', 'Second course', 'Third course', 'Fourth course', 'Fifth course'],
}

export const courseName = (course: number, lang: Lang): string => NAMES[lang][course - 1] ?? ''
