import { Suspense, use } from 'react'
// The build for web streams: it takes nothing from Node, and so it fits into an ES module.
import { renderToReadableStream } from 'react-dom/server.edge'
import { Likes } from './likes.tsx'

interface PageProps {
  /** What stands before the paths of the application: a stage of API Gateway. */
  base: string
  /** The address of the browser's program. */
  script: string
  likes: number
}

/** Resolves when the first part of the page is there; the rest follows in the stream. */
export const renderPage = (props: PageProps, signal: AbortSignal) =>
  renderToReadableStream(<Page {...props} comments={readComments()} />, { bootstrapModules: [props.script], signal })

function Page({ base, likes, comments }: PageProps & { comments: Promise<string[]> }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Tea</title>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <h1>Tea</h1>
        <div id="likes" data-base={base} data-likes={likes}>
          <Likes base={base} likes={likes} />
        </div>
        <Suspense fallback={<p>Comments are on their way</p>}>
          <Comments comments={comments} />
        </Suspense>
      </body>
    </html>
  )
}

function Comments({ comments }: { comments: Promise<string[]> }) {
  return (
    <ul>
      {use(comments).map((comment) => (
        <li key={comment}>{comment}</li>
      ))}
    </ul>
  )
}

/** Stands for a slow query: the page does not wait for it. */
async function readComments(): Promise<string[]> {
  await new Promise((resolve) => setTimeout(resolve, 150))
  return ['Good for a <rainy> day', 'Better with milk']
}
