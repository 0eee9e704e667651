// Since when the copy in the cloud has missed something, once that is too long: what the box tells staff screens.

import type { LiveEvent } from './live'

class CloudCopy {
  /** ms since 1970; null while all is well */
  lateSince = $state<number | null>(null)

  /** Hears a heartbeat of the live feed. */
  hear = (beat: LiveEvent): void => {
    const since = Date.parse(beat.cloud_late_since ?? '')
    this.lateSince = Number.isNaN(since) ? null : since
  }
}

export const cloudCopy = new CloudCopy()
