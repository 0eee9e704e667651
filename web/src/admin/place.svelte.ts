// Which section stands at the address: /app/admin/{section}. The browser's back and forward work.

const ROOT = '/app/admin'

const sectionOf = (path: string): string => path.slice(ROOT.length + 1).split('/')[0] ?? ''

class Place {
  section = $state(sectionOf(globalThis.location?.pathname ?? ROOT))

  constructor() {
    globalThis.addEventListener?.('popstate', () => (this.section = sectionOf(location.pathname)))
  }

  go(section: string): void {
    if (section === this.section) return
    history.pushState(null, '', `${ROOT}/${section}`)
    this.section = section
    window.scrollTo(0, 0)
  }
}

export const place = new Place()

export const addressOf = (section: string): string => `${ROOT}/${section}`

/** A link that is followed without loading the page anew, unless a new tab was asked for. */
export function follow(event: MouseEvent, section: string): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  place.go(section)
}
