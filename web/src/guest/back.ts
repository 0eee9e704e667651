// The phone's Back closes what lies over the page, and leaves the page only when nothing does.

let close: (() => void) | null = null
/** our own step back is under way: the browser takes it later */
let isReturning = false
/** something was opened again meanwhile */
let isWanted = false

function push(): void {
  // The step back must not scroll away what the page has shown meanwhile.
  history.scrollRestoration = 'manual'
  history.pushState({ isOver: true }, '')
}

function stepped(): void {
  history.scrollRestoration = 'auto'
  if (isReturning) {
    isReturning = false
    if (isWanted) push()
    isWanted = false
  } else close?.()
}

/** A page that was loaded anew lies under nothing. */
export function startBack(): void {
  addEventListener('popstate', stepped)
  if ((history.state as { isOver?: boolean } | null)?.isOver) {
    isReturning = true
    history.back()
  }
}

/** Something lies over the page until what is returned is called, or Back calls `onback`. */
export function coverPage(onback: () => void): () => void {
  if (isReturning) isWanted = true
  else push()
  let isGone = false
  close = () => {
    isGone = true
    onback()
  }
  return () => {
    close = null
    if (isGone) return
    if (isWanted) isWanted = false
    else {
      isReturning = true
      history.back()
    }
  }
}
