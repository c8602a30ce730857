// The browser's program: it takes over the one part of the page that does something.
import { hydrateRoot } from 'react-dom/client'
import { Likes } from './likes.tsx'

const island = document.getElementById('likes')!
const { base = '', likes } = island.dataset
hydrateRoot(island, <Likes base={base} likes={Number(likes)} />)
