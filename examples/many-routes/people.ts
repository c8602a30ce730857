import { createRouter } from '@expressway/core'
import * as z from 'zod'
import { resource } from './resource.ts'

const text = z.string().min(1)

export const people = createRouter()
people.use('/employees', resource('Employee', { name: text, team: z.int32() }))
people.use('/teams', resource('Team', { name: text, lead: z.int32() }))
people.use('/absences', resource('Absence', { employee: z.int32(), from: z.iso.date(), to: z.iso.date() }))
people.use('/trainings', resource('Training', { title: text, seats: z.int32().positive() }))
people.use('/openings', resource('Opening', { title: text, remote: z.boolean() }))
