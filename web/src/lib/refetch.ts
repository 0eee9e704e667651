// Many events, few requests: one load runs at a time, and whatever comes meanwhile makes one more after it.

export function coalesced(load: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let again = false
  const run = async (): Promise<void> => {
    do {
      again = false
      await load().catch((error: unknown) => {
        if (!again) throw error
      })
    } while (again)
  }
  return () => {
    if (running) again = true
    else running = run().finally(() => (running = null))
    return running
  }
}
