import serverlessHttp from 'serverless-http'
import express from '../untyped/express.js'
import { expressContender } from './express-app.ts'

export const contender = expressContender(express, (app) => serverlessHttp(app, { binary: ['image/*'] }))
