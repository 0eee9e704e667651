/** The table's code in /menu/{code} or /menu?table={code}; "" when the page was opened without one. */
export function tableCode({ pathname, search }: { pathname: string; search: string }): string {
  const inPath = /^\/menu\/([^/]+)\/?$/.exec(pathname)?.[1]
  try {
    return inPath ? decodeURIComponent(inPath) : (new URLSearchParams(search).get('table') ?? '')
  } catch {
    return ''
  }
}
