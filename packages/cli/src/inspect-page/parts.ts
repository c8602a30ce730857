// @ts-nocheck: runs in the browser, whose types the rest of this program must not see.

/** The panels of one invocation: each takes its detail and gives elements. */
export function createParts(element, json) {
  const size = (bytes) =>
    bytes < 1024
      ? `${bytes} B`
      : bytes < 1048576
        ? `${(bytes / 1024).toFixed(1)} KB`
        : `${(bytes / 1048576).toFixed(1)} MB`
  const time = (ms) =>
    ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`
  const heading = (text) => element('h3', {}, text)
  const note = (text) => element('p', { class: 'note' }, text)

  function headers(lines) {
    if (lines.length === 0) return note('No headers.')
    const rows = lines.map(([name, value]) =>
      element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value)),
    )
    return element('table', { class: 'fields' }, element('tbody', {}, rows))
  }

  function parsed(text) {
    try {
      return JSON.parse(text)
    } catch {
      return undefined
    }
  }

  function typeOf(lines) {
    return lines.findLast(([name]) => name.toLowerCase() === 'content-type')?.[1].toLowerCase() ?? ''
  }

  function body({ bytes, shown, text, base64 }, lines, label) {
    if (bytes === 0) return note('No body.')
    const type = typeOf(lines)
    const whole = base64 ?? btoa(String.fromCharCode(...new TextEncoder().encode(text ?? '').slice(0, 50_000)))
    if (type.startsWith('image/') && (base64 !== undefined || shown < 50_000)) {
      const source = `data:${type.split(';')[0]};base64,${whole}`
      return [note(size(bytes)), element('img', { src: source, alt: `${label}: an image`, class: 'picture' })]
    }
    const value = type.includes('json') && text !== undefined ? parsed(text) : undefined
    const of = shown < bytes ? `, the first ${size(shown)} of it shown` : ''
    const kind = text === undefined ? ' as base64' : ''
    const content = value === undefined ? plain(text ?? base64, label) : json(value, label)
    return [note(`${size(bytes)}${kind}${of}`), content]
  }

  const plain = (text, label) =>
    element('pre', { tabindex: '0', role: 'region', 'aria-label': label }, element('code', {}, text))

  function request(detail) {
    return [
      heading('Headers'),
      headers(detail.request.headers),
      heading('Body'),
      body(detail.request.body, detail.request.headers, 'Request body'),
    ].flat()
  }

  function event(detail) {
    if (detail.event !== undefined) return [json(detail.event, 'Event')]
    return [
      note(detail.state === 'running' ? 'Waiting for the function.' : 'No event: the gateway answered by itself.'),
    ]
  }

  function result(detail) {
    const { error } = detail
    const trace = error && (error.trace?.length ? error.trace.join('\n') : `${error.errorType}: ${error.errorMessage}`)
    const failure = error ? [heading('The function failed'), plain(trace, 'Stack')] : []
    if (detail.prelude !== undefined)
      return [...failure, heading('Metadata of the stream'), json(detail.prelude, 'Metadata')]
    if (detail.result !== undefined) return [...failure, json(detail.result, 'Result')]
    if (failure.length > 0) return failure
    return [note(detail.state === 'running' ? 'Waiting for the function.' : 'The function returned nothing here.')]
  }

  function response(detail) {
    if (detail.status === null)
      return [note(detail.disconnected ? 'The client left before there was an answer.' : 'Waiting.')]
    return [
      heading('Headers'),
      headers(detail.response.headers),
      heading('Body'),
      body(detail.response.body, detail.response.headers, 'Response body'),
    ].flat()
  }

  function bar(label, from, to, total) {
    const fill = element('span', { class: 'fill' })
    fill.style.marginInlineStart = `${(from / total) * 100}%`
    fill.style.width = `${Math.max(((to - from) / total) * 100, 0.5)}%`
    return element('tr', {}, [
      element('th', { scope: 'row' }, label),
      element('td', { class: 'bar-cell' }, fill),
      element('td', { class: 'number' }, time(to - from)),
    ])
  }

  function timing(detail) {
    const { firstByteMs: first = detail.durationMs, durationMs: total, chunks } = detail
    const rows = [
      bar('Until the answer', 0, first, total || 1),
      bar('Sending it', first, Math.max(total, first), total || 1),
    ]
    const list = chunks.map(({ atMs, bytes }, index) =>
      element('tr', {}, [
        element('th', { scope: 'row' }, `Chunk ${index + 1}`),
        element('td', { class: 'number' }, `${size(bytes)}`),
        element('td', { class: 'number' }, `at ${time(atMs)}`),
      ]),
    )
    const facts = [
      ['Received', new Date(detail.at).toLocaleString()],
      ['Request id', detail.requestId],
      ['Client', detail.request.sourceIp],
      ['Total', time(total)],
    ].filter(([, value]) => value !== undefined)
    return [
      headers(facts),
      element('table', { class: 'bars' }, element('tbody', {}, rows)),
      list.length > 0 && heading('Chunks'),
      list.length > 0 && element('table', { class: 'bars' }, element('tbody', {}, list)),
    ].filter(Boolean)
  }

  return { size, time, panels: { request, event, result, response, timing } }
}
