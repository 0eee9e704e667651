export const ru = {
  title: 'К этому часто берут',
  with: (name: string) => `часто берут с «${name}»`,
  add: (name: string) => `Добавить: ${name}`,
}

export type SuggestedMessages = typeof ru
