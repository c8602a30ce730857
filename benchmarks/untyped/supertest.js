export { default } from 'supertest'
