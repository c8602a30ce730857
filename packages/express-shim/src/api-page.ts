/**
 * The page of an API as middleware, for the shim and for real Express.
 * @module
 */
export type { ApiPageOptions } from '@expressway/core/api-page'
export { apiPage } from './contract/api-page.ts'
