// How a function and its test talk, besides requests and answers.
import { appendFileSync } from 'node:fs'
import { get } from 'node:http'

/** Tells the test what happened, in the order in which it did. */
export const note = (text) => appendFileSync(process.env.NOTES, `${text}\n`)

/** Waits until the test opens the gate. */
export const gate = (name) =>
  new Promise((resolve, reject) =>
    get(`${process.env.GATES}/${name}`, (response) => response.resume().on('end', resolve)).on('error', reject),
  )

// AWS's client leaves a rejection unhandled when its connection breaks, which would end the process before the application
// could say that it was told.
process.on('unhandledRejection', (error) => {
  if (error?.code !== 'ECONNRESET') throw error
})
