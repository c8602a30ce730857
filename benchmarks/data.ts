// What every contender answers with: the same values, so that only the framework differs.

export const profile = {
  id: 42,
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  roles: ['author', 'editor'],
  address: { street: '12 St James Square', city: 'London', country: 'GB' },
  active: true,
  score: 98.6,
}

export interface Order {
  customer: string
  items: { sku: string; quantity: number; price: number; note: string }[]
}

/** About 1 KB of JSON. */
export const order: Order = {
  customer: 'Ada Lovelace',
  items: Array.from({ length: 15 }, (_, index) => ({
    sku: `SKU-${1000 + index}`,
    quantity: (index % 3) + 1,
    price: 250 + index,
    note: 'gift wrapped',
  })),
}

/** What is answered to {@link order}. */
export function summarize({ customer, items }: Order) {
  let total = 0
  for (const { quantity, price } of items) total += quantity * price
  return { customer, items: items.length, total }
}

/** 10 KB that are no text. */
export const image = Buffer.from(Array.from({ length: 10_240 }, (_, index) => (index * 31 + (index >> 3)) & 255))

/** 100 KB of text such as an API answers with: names that recur, values that do not. */
export const text = JSON.stringify(listing(1200)).slice(0, 102_400)

function listing(count: number) {
  let seed = 1
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647)
  return Array.from({ length: count }, (_, id) => ({
    id,
    key: random().toString(36) + random().toString(36),
    city: ['London', 'Paris', 'Lisbon', 'Kyoto', 'Lima'][random() % 5],
    price: random() % 100_000,
    updated: new Date(1.7e12 + random()).toISOString(),
  }))
}

export const notFound = { error: 'Not Found' }
export const serverError = { error: 'Internal Server Error' }

/** The fields that helmet 8 sets by default: what a contender without helmet sets itself. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';" +
    "img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';" +
    "style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
}
