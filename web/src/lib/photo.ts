// Photos that the box keeps: /uploads/HASH-WIDTH.jpg in four widths, each derived from the other.

export type PhotoWidth = 96 | 192 | 480 | 960

const OURS = /\/uploads\/[0-9a-f]{32}-(?:96|192|480|960)\.jpg$/

/** The same photo in another width; the address of a foreign picture stays as it is. */
export const photoAt = (url: string, width: PhotoWidth): string =>
  OURS.test(url) ? url.replace(/-\d+\.jpg$/, `-${width}.jpg`) : url
