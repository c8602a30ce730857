export { ApiPage, type ApiPageOptions, type PageAnswer, type PageRequest } from './api-page/page.ts'
export { apiPage } from './api-page/router.ts'
