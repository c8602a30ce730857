const rates: Record<string, number> = { EUR: 1, USD: 1.1, JPY: 170 }

/**
 * Stands for a service of exchange rates: what a euro is in a currency, some days ago.
 * @throws Error if the currency is unknown
 */
export async function rateOf(currency: string, daysAgo = 0): Promise<number> {
  const rate = rates[currency]
  if (rate === undefined) throw new Error(`${currency} is unknown: use ${Object.keys(rates).join(', ')}`)
  return rate * (1 + daysAgo / 100)
}
