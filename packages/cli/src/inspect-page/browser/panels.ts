import type { HeaderLines, RecordDetail } from '../protocol.ts'
import { bodyView, note, plainView } from './body-view.ts'
import { type Child, element } from './element.ts'
import { jsonView } from './json-view.ts'
import { timingPanel } from './timing-panel.ts'

/** The panels of an invocation, by the names of their tabs. */
export const panels: Record<string, (detail: RecordDetail) => Child> = {
  request: ({ request }) => messageView(request, 'Request body'),
  event: eventPanel,
  result: resultPanel,
  response: responsePanel,
  timing: timingPanel,
}

const heading = (text: string): HTMLElement => element('h3', {}, text)

function messageView({ headers, body }: RecordDetail['response'], label: string): Child {
  return [heading('Headers'), headerTable(headers), heading('Body'), bodyView(body, headers, label)]
}

function headerTable(headers: HeaderLines): HTMLElement {
  if (headers.length === 0) return note('No headers.')
  const rows = headers.map(([name, value]) =>
    element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value)),
  )
  return element('table', { class: 'fields' }, element('tbody', {}, rows))
}

function eventPanel({ event, state }: RecordDetail): Child {
  if (event !== undefined) return jsonView(event, 'Event')
  return note(state === 'running' ? 'Waiting for the function.' : 'No event: the gateway answered by itself.')
}

function resultPanel({ error, prelude, result, state }: RecordDetail): Child {
  const failure = error && [heading('The function failed'), plainView(stackOf(error), 'Stack')]
  if (prelude !== undefined) return [failure, heading('Metadata of the stream'), jsonView(prelude, 'Metadata')]
  if (result !== undefined) return [failure, jsonView(result, 'Result')]
  return failure ?? note(state === 'running' ? 'Waiting for the function.' : 'The function returned nothing here.')
}

const stackOf = ({ errorType, errorMessage, trace }: NonNullable<RecordDetail['error']>): string =>
  trace?.length ? trace.join('\n') : `${errorType}: ${errorMessage}`

function responsePanel({ status, disconnected, response }: RecordDetail): Child {
  if (status !== null) return messageView(response, 'Response body')
  return note(disconnected ? 'The client left before there was an answer.' : 'Waiting.')
}
