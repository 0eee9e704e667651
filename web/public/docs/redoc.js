// No search: its index is built by a worker from a blob, which the content policy of the box forbids.
window.Redoc.init(
  '/openapi.json',
  { disableSearch: true, hideDownloadButton: false, nativeScrollbars: true, expandResponses: '200,201' },
  document.getElementById('api'),
)
