// Barcodes: whose they are, and the camera that reads them where the browser can. Pure, but for the browser's detector.

import type { StockGood } from '../../lib/types'

export interface Scanned {
  good: StockGood
  /** the pack that bears the code */
  pack: StockGood['packs'][number]
}

/** As the box keeps it: twelve digits are the thirteen of elsewhere without their zero. */
const kept = (code: string): string => {
  const plain = code.trim()
  return /^\d{12}$/.test(plain) ? `0${plain}` : plain
}

/** What bears a code; null: nothing that is known. */
export function findByCode(goods: StockGood[], code: string): Scanned | null {
  const wanted = kept(code)
  if (wanted === '') return null
  for (const good of goods) {
    const pack = good.packs.find(({ barcode }) => barcode === wanted)
    if (pack) return { good, pack }
  }
  return null
}

/** What a browser offers that reads barcodes itself. */
interface Detector {
  detect(from: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
type DetectorKind = new (options: { formats: string[] }) => Detector

const FORMATS = ['ean_13', 'ean_8', 'upc_a', 'code_128']

/** The browser's own reader; null where it has none: a scanner that types does the same. */
export function cameraReader(of: object = globalThis): Detector | null {
  if (!('BarcodeDetector' in of) || !navigator.mediaDevices) return null
  const Kind = of.BarcodeDetector as DetectorKind
  return new Kind({ formats: FORMATS })
}
