// These come without types of their own; @types/… has them.
declare module 'cookie-session'
declare module 'express-session'
declare module 'multer'

declare namespace Express {
  interface Request {
    session: { visits?: number }
    file?: { originalname: string; size: number; path: string; buffer: Uint8Array }
  }
}
