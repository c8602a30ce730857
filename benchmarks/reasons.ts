/** Why a goal is not met where it is not: what was found by profiles and by leaving parts out, on the machine of RESULTS.md. */
interface Reason {
  /** How the goals begin that it is about. */
  readonly about: readonly string[]
  readonly why: string
}

export const reasons: readonly Reason[] = [
  {
    about: ['core, warm'],
    why:
      'Core, warm: of some 0.45 µs that a hello takes in a closed loop, the source and the request take 0.15, the route and its answer ' +
      '0.15, the result 0.1, and the checks of headers 0.05; the bare handler, a switch and a literal, takes 0.09. A query takes 0.35 ' +
      'more for its one escaped value, and as much for its three names: bare reads the map that the gateway made, which joins repeated ' +
      'names of an HTTP API by commas. Where no route matches, the search has to look at every method. The ratios follow the bare ' +
      'handler, whose 0.3 to 0.6 µs differ from run to run by half.',
  },
  {
    about: ['core, calls 3 to 100', 'shim, calls 3 to 100'],
    why:
      'Calls 3 to 100: nothing is optimised yet, and V8 compiles beside them what was called often, on threads that count. Core calls some ' +
      'sixty functions for a hello, bare three. The shim is furthest from its goal for an answer of bytes, whose tag and Base64 are the ' +
      'same work as in Express.',
  },
  {
    about: [
      'shim over Express under serverless-http, hello',
      'shim over Express under serverless-http, get-json',
      'shim over Express under serverless-http, path-param',
      'shim over Express under serverless-http, query',
      'shim over Express under serverless-http, mw-5',
      'shim over Express under serverless-http, not-found',
    ],
    why:
      "The shim's small answers: in a closed loop 1.5 µs, of which the event, its result, `req` and `res` take 0.3, the application, " +
      'the router and the layer 0.35, the route 0.2, and `res.type().send()` 0.7: type, length, tag, freshness, each with the look ' +
      'whether somebody replaced what does it. Once its code is optimised, Express needs 13 to 25 µs here, not the 20 to 34 by ' +
      'which the goal was set; in calls 3 to 100, where most environments of Lambda live, see the last warm table. Each layer goes ' +
      "by a public object that tools read and patch, which is what remains of Express's own price.",
  },
  {
    about: [
      'shim over Express under serverless-http, post-json',
      'shim over Express under serverless-http, app-post',
      'shim over Express under serverless-http, app-get',
    ],
    why:
      'Bodies and the realistic application: both sides run the same `JSON.parse`, `JSON.stringify`, helmet and cookie-parser. Of 8 µs ' +
      'for a posted order JSON takes 4; of 9 µs for `app-get` helmet, cookie-parser and the JSON of the answer take 5.',
  },
  {
    about: ['shim over Express under serverless-http, app-error'],
    why:
      "The application's error: 8 of some 13 µs are the handler's own `new Error`, which captures a stack in both; and Express leaves " +
      'a router at its end by `setImmediate`, so that this answer takes a turn of the event loop and a timer for its deadline.',
  },
  {
    about: ['shim over Express under serverless-http, binary'],
    why:
      'Binary: 6 of some 10 µs are the SHA-1 of the 10 KB for the entity tag, and 2 the Base64 of the result; Express and its adapter ' +
      'need both as well.',
  },
  {
    about: ['Express under our listener'],
    why:
      "Real Express under our listener: 2 to 3 of some 11 µs are the listener's and core's; the others are Express itself and Node's own " +
      '`IncomingMessage` and `ServerResponse`, which it is given so that whatever works on a server works here. serverless-http ' +
      'spares some of that by fields of its own, which is where its faults come from.',
  },
  {
    about: ['express-shim, 1,000 routes against 10'],
    why:
      "1,000 routes in the shim: 0.7 µs are the comparison of the router's public stack with the one that was indexed. A tool may put " +
      'any layer in the place of any other, and nothing short of a look at each tells.',
  },
  {
    about: ['router, lookup'],
    why: 'Router, lookup: the two differ by less than the noise of a run.',
  },
  {
    about: ['shim, first call'],
    why:
      'First calls: cookies and a static file are read by code that V8 compiles in that call, `send` and the MIME table among it, as in ' +
      'Express; load and first call together take a third of what Express takes.',
  },
  {
    about: ['router, built'],
    why:
      'Building the router: of 9 ms for 5,000 routes the strings of the paths take 1.2, the look whether a path is plain 1.5, and ' +
      'the objects with their collection 5. The index itself is made at the second lookup, so that a cold start does without.',
  },
  {
    about: ['core hello', 'express-shim hello'],
    why:
      'Cold starts and bytes: V8 reads a bundle at 0.036 ms for each KB, makes its functions and classes, and compiles each that the first ' +
      'call comes through. What is in the bundle, and why, is in docs/decisions/003-bundle-sizes.md.',
  },
]

/** The reasons for the goals that are not met, each once; nothing where all are. */
export function reasonsSection(unmet: readonly string[]): string[] {
  const given = reasons.filter(({ about }) =>
    unmet.some((goal) => about.some((beginning) => goal.startsWith(beginning))),
  )
  return given.length === 0 ? [] : ['Where a goal is not met, and why:', '', ...given.map(({ why }) => `- ${why}`), '']
}
