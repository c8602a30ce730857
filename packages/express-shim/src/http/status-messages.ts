const phrases =
  '100Continue,Switching Protocols,Processing,Early Hints;200OK,Created,Accepted,Non-Authoritative Information,No Content,' +
  'Reset Content,Partial Content,Multi-Status,Already Reported;226IM Used;300Multiple Choices,Moved Permanently,Found,' +
  'See Other,Not Modified,Use Proxy;307Temporary Redirect,Permanent Redirect;400Bad Request,Unauthorized,Payment Required,' +
  'Forbidden,Not Found,Method Not Allowed,Not Acceptable,Proxy Authentication Required,Request Timeout,Conflict,Gone,' +
  'Length Required,Precondition Failed,Payload Too Large,URI Too Long,Unsupported Media Type,Range Not Satisfiable,' +
  "Expectation Failed,I'm a Teapot;421Misdirected Request,Unprocessable Entity,Locked,Failed Dependency,Too Early," +
  'Upgrade Required;428Precondition Required,Too Many Requests;431Request Header Fields Too Large;' +
  '451Unavailable For Legal Reasons;500Internal Server Error,Not Implemented,Bad Gateway,Service Unavailable,' +
  'Gateway Timeout,HTTP Version Not Supported,Variant Also Negotiates,Insufficient Storage,Loop Detected,' +
  'Bandwidth Limit Exceeded,Not Extended,Network Authentication Required'

let messages: Readonly<Record<number, string>> | undefined

/** The reason phrase of a registered status, as node:http's STATUS_CODES has it (RFC 9110, section 15). */
export function statusMessage(status: number): string | undefined {
  // Most answers are this one: the table is read for the others.
  return status === 200 ? 'OK' : (messages ??= readPhrases())[status]
}

export function readPhrases(): Record<number, string> {
  const read: Record<number, string> = {}
  for (const run of phrases.split(';')) {
    let status = Number.parseInt(run, 10)
    for (const phrase of run.slice(3).split(',')) read[status++] = phrase
  }
  return read
}
