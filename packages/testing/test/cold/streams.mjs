export const handler = awslambda.streamifyResponse(async (_event, raw) => {
  const stream = awslambda.HttpResponseStream.from(raw, {
    statusCode: 201,
    headers: { 'content-type': 'text/plain' },
  })
  stream.write('one ')
  await new Promise((resolve) => setTimeout(resolve, 20))
  stream.end('two')
})
