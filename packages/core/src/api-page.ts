/**
 * A page for people to read and try an API: Swagger UI for its OpenAPI document.
 * @module
 */
export { ApiPage, type ApiPageOptions, type PageAnswer, type PageRequest } from './api-page/page.ts'
export { apiPage } from './api-page/router.ts'
