import { toLambdaHandler } from '@expressway/express-shim/listener'
import express from '../untyped/express.js'
import { expressContender } from './express-app.ts'

export const contender = expressContender(express, (app) => toLambdaHandler(app))
