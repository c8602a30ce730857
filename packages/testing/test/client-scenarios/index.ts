import { bodies } from './bodies.ts'
import { cookieAssertions } from './cookie-assertions.ts'
import { expectations } from './expectations.ts'
import { headers, queries, verbs } from './requests.ts'
import { redirects, responses } from './responses.ts'
import type { Scenario } from './scenario.ts'
import { agents, sending } from './sending.ts'

export const scenarios: Scenario[] = [
  ...verbs,
  ...headers,
  ...queries,
  ...bodies,
  ...responses,
  ...redirects,
  ...expectations,
  ...cookieAssertions,
  ...sending,
  ...agents,
]
