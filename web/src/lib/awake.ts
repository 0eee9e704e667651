/** Keeps the wall's screen lit where the browser can (HTTPS only). Returns what ends it. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== 'visible') return
    // Refused on a low battery, missing on plain HTTP: the device's own settings decide then.
    lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null
  }
  document.addEventListener('visibilitychange', ask)
  void ask()
  return () => {
    document.removeEventListener('visibilitychange', ask)
    void lock?.release()
  }
}
