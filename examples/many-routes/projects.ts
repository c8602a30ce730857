import { createRouter } from '@expressway/core'
import * as z from 'zod'
import { resource } from './resource.ts'

const text = z.string().min(1)

export const projects = createRouter()
projects.use('/projects', resource('Project', { title: text, customer: z.int32() }))
projects.use('/tasks', resource('Task', { title: text, state: z.enum(['open', 'done']) }))
projects.use('/milestones', resource('Milestone', { title: text, due: z.iso.date() }))
projects.use('/hours', resource('Hours', { task: z.int32(), spent: z.number().positive() }))
projects.use('/documents', resource('Document', { title: text, link: z.url() }))
