/** An address of a file is given back after so many milliseconds: the browser has begun to save it by then. */
const KEPT = 60_000

/** Hands a file to the browser, which saves it under this name. */
export function download(name: string, file: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT)
}
