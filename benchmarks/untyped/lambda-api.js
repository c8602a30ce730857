export { default } from 'lambda-api'
