import request from '../../src/index.ts'

await request(() => new Promise(() => {}), { timeout: 50 }).get('/')
