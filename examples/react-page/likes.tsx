import { useState } from 'react'

/** A button that counts at the server. Rendered there first, and brought to life by client.tsx. */
export function Likes({ base, likes }: { base: string; likes: number }) {
  const [count, setCount] = useState(likes)
  const [failed, setFailed] = useState(false)

  async function like() {
    const response = await fetch(`${base}/api/likes`, { method: 'POST' }).catch(() => undefined)
    setFailed(!response?.ok)
    if (response?.ok) setCount((await response.json()).likes)
  }

  return (
    <>
      <button type="button" onClick={like}>
        {count} likes
      </button>
      {failed && <p role="alert">Try again later</p>}
    </>
  )
}
