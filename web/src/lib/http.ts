// What every call to the box's REST API goes through: a time limit, and refusals as one kind of error.

/** A box on the LAN answers in milliseconds; after this long (ms) it is taken for gone. */
const PATIENCE = 8000

export interface WrongField {
  field: string
  message: string
}

/** Why a call did not succeed. `status` 0: no answer came, so the box may or may not have acted. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly params: Record<string, unknown> = {},
    /** the wrong fields of a body, as the box names them */
    readonly fields: readonly WrongField[] = [],
  ) {
    super(detail || code)
    this.name = 'Refusal'
  }

  /** The box has not said yes or no: the same request may be sent again with the same key. */
  get isOpen(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429 || this.status === 408
  }
}

export async function patiently(request: Request): Promise<Response> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), PATIENCE)
  try {
    return await fetch(request, { signal: abort.signal })
  } finally {
    clearTimeout(timer)
  }
}

export interface Reply<T> {
  data?: T
  response: Response
  error?: unknown
}

/** What the box answered, or a Refusal. */
export async function answered<T>(call: Promise<Reply<T>>): Promise<T> {
  const reply = await call.catch((error: unknown) => {
    throw new Refusal(0, 'network', String(error))
  })
  if (reply.response.ok && reply.data !== undefined) return reply.data
  throw refusalOf(reply.response.status, reply.error)
}

function refusalOf(status: number, body: unknown): Refusal {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const code = typeof problem.code === 'string' ? problem.code : 'unknown'
  const detail = typeof problem.detail === 'string' ? problem.detail : ''
  const params = typeof problem.params === 'object' && problem.params ? problem.params : {}
  const fields = Array.isArray(problem.errors) ? (problem.errors as WrongField[]) : []
  return new Refusal(status, code, detail, params as Record<string, unknown>, fields)
}
