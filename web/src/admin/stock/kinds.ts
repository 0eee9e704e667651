// The kinds of documents, and what each asks for. Pure.

import type { StockDocumentKind } from '../../lib/types'

export const KINDS: StockDocumentKind[] = ['PURCHASE', 'WRITE_OFF', 'PRODUCTION', 'COUNT', 'TRANSFER', 'RETURN', 'OPENING']

/** Whether its lines have sums. */
export const hasSums = (kind: StockDocumentKind): boolean => ['PURCHASE', 'OPENING', 'RETURN'].includes(kind)

/** Whether somebody stands behind it who sells. */
export const hasSupplier = (kind: StockDocumentKind): boolean => kind === 'PURCHASE' || kind === 'RETURN'
