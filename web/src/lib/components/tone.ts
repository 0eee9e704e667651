/** calm: nothing to do; good: ready or live; wait: someone is waited for; late: act now */
export type Tone = 'calm' | 'good' | 'wait' | 'late'
