import type { Command } from './command.ts'

/** Every command, loaded when it is asked for: to add one, add a line. */
export const commands: Record<string, () => Promise<Command>> = {
  dev: async () => (await import('./commands/dev.ts')).dev,
  invoke: async () => (await import('./commands/invoke.ts')).invoke,
  event: async () => (await import('./commands/event.ts')).event,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  openapi: async () => (await import('./commands/openapi.ts')).openapi,
  bundle: async () => (await import('./commands/bundle.ts')).bundle,
  routes: async () => (await import('./commands/routes.ts')).routes,
  'deploy-check': async () => (await import('./commands/deploy-check.ts')).deployCheck,
}
