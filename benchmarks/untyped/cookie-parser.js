export { default } from 'cookie-parser'
