export const counter: { calls: number } = { calls: 0 }
