// Where the outbox lies on the device: one store of IndexedDB, which outlives a reload, a crash and an empty battery.

export interface Shelf<T> {
  all: () => Promise<T[]>
  put: (value: T) => Promise<void>
  remove: (key: string) => Promise<void>
}

const STORE = 'things'

const settled = <R>(request: IDBRequest<R>): Promise<R> =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error ?? new Error('IndexedDB gave no reason'))
  })

async function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' })
  return settled(request)
}

/** A shelf of things that have a `key`. Calls fail where the browser has no room or no IndexedDB. */
export function deviceShelf<T extends { key: string }>(name: string): Shelf<T> {
  let opened: Promise<IDBDatabase> | null = null
  const database = (): Promise<IDBDatabase> => (opened ??= open(name))

  /** Done when it is on the disk, not when it is in the queue. */
  async function write(change: (store: IDBObjectStore) => void): Promise<void> {
    const transaction = (await database()).transaction(STORE, 'readwrite', { durability: 'strict' })
    change(transaction.objectStore(STORE))
    await new Promise<void>((done, failed) => {
      transaction.oncomplete = () => done()
      transaction.onabort = transaction.onerror = () => failed(transaction.error ?? new Error('not written'))
    })
  }

  return {
    all: async () => settled<T[]>((await database()).transaction(STORE).objectStore(STORE).getAll()),
    put: (value) => write((store) => store.put(value)),
    remove: (key) => write((store) => store.delete(key)),
  }
}
