/** The same ids with one of them moved by so many places, as far as there are places. */
export function moved(ids: readonly number[], id: number, by: number): number[] {
  const from = ids.indexOf(id)
  const to = Math.min(Math.max(from + by, 0), ids.length - 1)
  const rest = ids.filter((other) => other !== id)
  return from < 0 ? [...ids] : [...rest.slice(0, to), id, ...rest.slice(to)]
}
