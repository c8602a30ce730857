interface Answer {
  readonly status: number
  readonly body: unknown
}

export default function request(app: unknown): { get(path: string): PromiseLike<Answer> }
