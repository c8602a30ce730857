interface Options {
  app: unknown
  binarySettings?: { contentTypes: string[]; contentEncodings: string[] }
}

export default function serverlessExpress(options: Options): (event: unknown, context: unknown) => Promise<unknown>
