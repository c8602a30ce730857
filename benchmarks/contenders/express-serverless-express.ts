import express from '../untyped/express.js'
import serverlessExpress from '../untyped/serverless-express.js'
import { expressContender } from './express-app.ts'

const binarySettings = { contentTypes: ['image/*'], contentEncodings: ['gzip'] }

export const contender = expressContender(express, (app) => serverlessExpress({ app, binarySettings }))
