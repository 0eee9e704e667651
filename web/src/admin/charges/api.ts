import type { components } from '../../lib/api'
import { api, ask } from '../ask'

type Schemas = components['schemas']
export type Rule = Schemas['AdjustmentRule']
export type RuleDraft = Schemas['AdjustmentRuleBody']
export type Conditions = Schemas['Conditions']
export type RuleKind = Rule['kind']
export type TipRule = Schemas['TipRule']
export type TipShare = Schemas['TipShare']
export type Recipient = TipShare['to']

export const rules = () => ask((as) => api.GET('/adjustment-rules', as))
export const addRule = (body: RuleDraft) => ask((as) => api.POST('/adjustment-rules', { ...as, body }))
export const writeRule = (id: number, body: RuleDraft) =>
  ask((as) => api.PUT('/adjustment-rules/{id}', { ...as, params: { path: { id } }, body }))
export const removeRule = (id: number) =>
  ask((as) => api.DELETE('/adjustment-rules/{id}', { ...as, params: { path: { id } } }))

export const tipRule = () => ask((as) => api.GET('/tips/rule', as))
/** Whether a tip may be given to the house, where it is paid. */
export const houseTips = async () => (await ask((as) => api.GET('/restaurant', as))).house_tips
export const setHouseTips = (house_tips: boolean) =>
  ask((as) => api.PATCH('/restaurant', { ...as, body: { house_tips } }))
export const setTipRule = (shares: TipShare[]) => ask((as) => api.PUT('/tips/rule', { ...as, body: { shares } }))
