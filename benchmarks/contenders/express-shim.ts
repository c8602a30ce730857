import express from '@expressway/express-shim'
import { expressContender } from './express-app.ts'

export const contender = expressContender(express, (app) => app.handler)
