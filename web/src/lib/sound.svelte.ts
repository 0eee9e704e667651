// What a screen says by ear, made on the spot: no file to load. Browsers keep silent until the first touch.

import { lasting, recall, remember } from './storage'

interface Tone {
  hertz: number
  /** seconds after the first */
  at: number
}

/** Two soft tones upwards: something new. */
const NEWS: Tone[] = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.18 },
]
/** Three low ones downwards: the link is lost. */
const LOSS: Tone[] = [
  { hertz: 440, at: 0 },
  { hertz: 330, at: 0.25 },
  { hertz: 247, at: 0.5 },
]
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'

export class Sound {
  muted = $state(false)
  /** the browser has not let us sound yet */
  blocked = $state(true)
  #audio: AudioContext | null = null
  #key: string

  /** `key`: where this device remembers that it is muted */
  constructor(key: string) {
    this.#key = key
    this.muted = recall(lasting, key, isFlag) ?? false
  }

  /** To be called from a touch or a key. */
  wake(): void {
    try {
      this.#audio ??= new AudioContext()
      void this.#audio.resume().then(() => (this.blocked = this.#audio?.state !== 'running'))
    } catch {
      // no sound device: the screen works in silence
    }
  }

  toggle(): void {
    this.wake()
    this.muted = !this.muted
    remember(lasting, this.#key, this.muted)
    if (!this.muted) this.ring()
  }

  ring(): void {
    this.#play(NEWS)
  }

  warn(): void {
    this.#play(LOSS)
  }

  #play(tones: Tone[]): void {
    const audio = this.#audio
    if (this.muted || !audio || audio.state !== 'running') return
    for (const { hertz, at } of tones) {
      const start = audio.currentTime + at
      const tone = new OscillatorNode(audio, { frequency: hertz, type: 'triangle' })
      const volume = new GainNode(audio, { gain: 0 })
      volume.gain.linearRampToValueAtTime(0.4, start + 0.02)
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5)
      tone.connect(volume).connect(audio.destination)
      tone.start(start)
      tone.stop(start + 0.5)
    }
  }
}
