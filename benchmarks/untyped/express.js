export { default } from 'express'
