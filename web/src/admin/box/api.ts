import type { components } from '../../lib/api'
import { api, ask, Refusal } from '../ask'
import { session } from '../station'

type Schemas = components['schemas']
export type Backup = Schemas['BackupFile']
export type BackupList = Schemas['BackupList']
export type Job = Schemas['Job']
export type Manifest = Schemas['Manifest']

export const backups = (): Promise<BackupList> => ask((as) => api.GET('/box/backups', as))

export const job = async (): Promise<Job | null> => (await ask((as) => api.GET('/box/job', as))).job ?? null

export const makeBackup = (): Promise<Job> => ask((as) => api.POST('/box/backups', as))

export const contents = (name: string, passphrase: string | null): Promise<Manifest> =>
  ask((as) => api.POST('/box/backups/{name}/contents', { ...as, params: { path: { name } }, body: { passphrase } }))

export const restore = (name: string, passphrase: string | null): Promise<Job> =>
  ask((as) => api.POST('/box/restore', { ...as, body: { name, passphrase } }))

export const removeBackup = (name: string) =>
  ask((as) => api.DELETE('/box/backups/{name}', { ...as, params: { path: { name } } }))

export const setPassphrase = (passphrase: string | null) =>
  ask((as) => api.PUT('/box/backup-passphrase', { ...as, body: { passphrase } }))

/** Opens the browser's own download: a file may be larger than a page can hold. */
export async function download(name: string): Promise<void> {
  const ticket = await ask((as) => api.POST('/box/backups/{name}/ticket', { ...as, params: { path: { name } } }))
  const link = document.createElement('a')
  link.href = ticket.url
  link.download = name
  link.click()
}

/** Sends a file to the box; tells how much of it is there, 0 to 100. */
export function upload(file: File, told: (percent: number) => void): Promise<Backup> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/box/backups/upload')
    request.setRequestHeader('Authorization', `Bearer ${session.current?.token ?? ''}`)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.upload.onprogress = (event) => told(Math.round((event.loaded / event.total) * 100))
    request.onerror = () => reject(new Refusal(0, 'network', ''))
    request.onload = () => {
      const body = JSON.parse(request.responseText || '{}') as Backup & { code?: string; detail?: string }
      if (request.status === 201) resolve(body)
      else reject(new Refusal(request.status, body.code ?? 'unknown', body.detail ?? ''))
    }
    request.send(file)
  })
}
