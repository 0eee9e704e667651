// Photos come in several sizes under one name (src/uploads/): the squares for a row, the whole for a sheet.

const OURS = /^(\/uploads\/[0-9a-f]+)-960\.jpg$/

interface Sources {
  src: string
  srcset?: string
  sizes?: string
}

/** The square of 96 px in a row of the menu. A photo from elsewhere is what it is. */
export function photo(url: string): Sources {
  const ours = OURS.exec(url)?.[1]
  return ours ? { src: `${ours}-96.jpg`, srcset: `${ours}-96.jpg 1x, ${ours}-192.jpg 2x` } : { src: url }
}

/** The whole photo, as wide as a sheet. */
export function largePhoto(url: string): Sources {
  const ours = OURS.exec(url)?.[1]
  return ours
    ? { src: `${ours}-480.jpg`, srcset: `${ours}-480.jpg 480w, ${ours}-960.jpg 960w`, sizes: '(min-width: 34rem) 32rem, 92vw' }
    : { src: url }
}
