import { api, ask } from '../ask'

export const board = () => ask((as) => api.GET('/reports/today', as))

export type Board = Awaited<ReturnType<typeof board>>
