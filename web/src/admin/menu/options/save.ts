// Saving a group with its options: several requests, each remembered, so that a save that broke off goes on where it was.

import { Refusal } from '../../../lib/http'
import type { WholeGroup } from '../../../lib/types'
import { addGroup, addOption, changeGroup, changeOption, orderOptions, removeOption } from '../api'
import { groupBody, optionBody, wrongIn, type GroupDraft, type OptionDraft } from './draft'

export interface Saved {
  /** the group, once the box knows it */
  id: number | null
  /** the options that the box still has and the form does not */
  gone: number[]
  /** as the box has them, by their id */
  known: Map<number, string>
}

export const savedOf = (group: WholeGroup | null, draft: GroupDraft, digits: number): Saved => ({
  id: group?.id ?? null,
  gone: [],
  known: new Map(draft.options.flatMap((one) => (one.known === null ? [] : [[one.known, JSON.stringify(optionBody(one, digits))] as const]))),
})

/** `place`: where a new group stands among the others. */
export async function saveGroup(draft: GroupDraft, saved: Saved, place: number, digits: number): Promise<void> {
  const wrong = wrongIn(draft, digits)
  if (wrong.length > 0) throw new Refusal(422, 'invalid', '', {}, wrong)
  const body = groupBody(draft)
  if (saved.id === null) {
    const made = await ofOptions(draft.options, () =>
      addGroup({ ...body, sort_order: place, options: draft.options.map((option) => optionBody(option, digits)) }),
    )
    saved.id = made.id
    draft.options.forEach((option, i) => (option.known = made.options[i]?.id ?? null))
    return
  }
  const group = saved.id
  while (saved.gone.length > 0) {
    await removeOption(group, saved.gone[0]!)
    saved.gone.shift()
  }
  await changeGroup(group, body)
  for (const option of draft.options) await ofOption(option, () => saveOption(group, option, saved, digits))
  if (draft.options.length > 1) await orderOptions(group, draft.options.map(({ known }) => known!))
}

async function saveOption(group: number, option: OptionDraft, saved: Saved, digits: number): Promise<void> {
  const body = optionBody(option, digits)
  const text = JSON.stringify(body)
  if (option.known === null) option.known = (await addOption(group, body)).id
  else if (saved.known.get(option.known) !== text) await changeOption(group, option.known, body)
  saved.known.set(option.known, text)
}

/** A refusal of an option is told at its own fields. */
async function ofOption(option: OptionDraft, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 422) throw error
    const fields = error.fields.map(({ field, message }) => ({ field: `option.${option.id}.${field}`, message }))
    throw new Refusal(422, error.code, error.detail, error.params, fields)
  }
}

/** The same where all of them went together: `options[2].price`. */
async function ofOptions<T>(options: readonly OptionDraft[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 422) throw error
    const fields = error.fields.map(({ field, message }) => {
      const found = /^options\[(\d+)\]\.(.+)$/.exec(field)
      const option = found && options[Number(found[1])]
      return { field: option ? `option.${option.id}.${found[2]}` : field, message }
    })
    throw new Refusal(422, error.code, error.detail, error.params, fields)
  }
}
