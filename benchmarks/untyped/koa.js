export { default } from 'koa'
