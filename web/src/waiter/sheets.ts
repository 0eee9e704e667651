// Sheets apart from the first load, and on the device before anybody wants them: who signs in asks for them a while later.

export const sheets = {
  book: () => import('./reservations/BookScreen.svelte'),
  approval: () => import('./ApprovalSheet.svelte'),
  line: () => import('./LineSheet.svelte'),
  move: () => import('./MoveSheet.svelte'),
  reason: () => import('./ReasonSheet.svelte'),
  weight: () => import('./WeightSheet.svelte'),
  who: () => import('./known/WhoSits.svelte'),
  wire: () => import('./wire/WireSheet.svelte'),
}

/** Lets the browser fetch them. What does not come now is fetched when it is wanted. */
export const fetchSheets = (): void => {
  for (const load of Object.values(sheets)) void load().catch(() => undefined)
}
