import type { Readable, Writable } from 'node:stream'
import { confirm, isCancel, select, text } from '@clack/prompts'
import { Failure } from '../../cli/src/failure.ts'
import { type ChoiceName, type Choices, canStream, choices, namesOf } from './choices.ts'

/** Where a person reads questions and types answers. */
export interface Person {
  readonly input: Readable
  readonly output: Writable
}

/**
 * Asks for the folder.
 * @param fault says why a folder cannot be taken, or nothing.
 * @throws Failure if the person leaves
 */
export async function askFolder(person: Person, fault: (folder: string) => string | undefined): Promise<string> {
  const initial = 'my-api'
  return answered(
    text({
      ...person,
      message: 'In which folder?',
      placeholder: initial,
      defaultValue: initial,
      validate: (folder) => fault(folder || initial),
    }),
  )
}

/**
 * Asks for every choice that was not made yet.
 * @throws Failure if the person leaves
 */
export async function askChoices<Chosen extends Partial<Choices>>(person: Person, given: Chosen): Promise<Chosen> {
  const chosen = { ...given }
  for (const choice of Object.keys(choices) as ChoiceName[]) {
    if (chosen[choice] === undefined) await ask(person, choice, chosen)
    if (choice === 'gateway' && chosen.streaming === undefined && canStream(chosen.gateway!)) {
      chosen.streaming = await askYes(person, 'Send answers while they are written (streaming)?', false)
    }
  }
  return chosen
}

async function ask<Name extends ChoiceName>(person: Person, choice: Name, chosen: Partial<Choices>): Promise<void> {
  const { question, names } = choices[choice] as { question: string; names: Record<string, string> }
  const possible = namesOf(choice).filter(
    (name) => choice !== 'gateway' || !chosen.streaming || canStream(name as Choices['gateway']),
  )
  const options = possible.map((name) => ({ value: name as string, label: name as string, hint: names[name] }))
  chosen[choice] = (await answered(select({ ...person, message: question, options }))) as Choices[Name]
}

/** @throws Failure if the person leaves */
export const askYes = (person: Person, message: string, initialValue: boolean): Promise<boolean> =>
  answered(confirm({ ...person, message, initialValue }))

async function answered<Answer>(prompt: Promise<Answer>): Promise<Exclude<Answer, symbol>> {
  const answer = await prompt
  if (isCancel(answer)) throw new Failure('nothing was made, as you left the questions.')
  return answer as Exclude<Answer, symbol>
}
