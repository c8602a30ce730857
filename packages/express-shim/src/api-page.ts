export type { ApiPageOptions } from '@expressway/core/api-page'
export { apiPage } from './contract/api-page.ts'
