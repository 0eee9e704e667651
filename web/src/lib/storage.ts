// The browser's stores may be full, switched off or hold rubbish: a page goes on without its memory then.

export function remember(store: () => Storage, key: string, value: unknown): void {
  try {
    if (value === null) store().removeItem(key)
    else store().setItem(key, JSON.stringify(value))
  } catch {
    // private mode or no room: nothing to do, the page itself still works
  }
}

/** What was remembered under `key`, or null. The caller says by `isValid` what it can use. */
export function recall<T>(store: () => Storage, key: string, isValid: (value: unknown) => value is T): T | null {
  try {
    const text = store().getItem(key)
    if (text === null) return null
    const value: unknown = JSON.parse(text)
    return isValid(value) ? value : null
  } catch {
    return null
  }
}

export const lasting = (): Storage => localStorage
export const thisTab = (): Storage => sessionStorage
