import { getBuiltinModule } from '../builtin.ts'

type NodeHttp = typeof import('node:http')
type NodeClass = 'IncomingMessage' | 'ServerResponse'

interface Link {
  readonly root: object
  readonly from: NodeClass
  readonly onLink: ((http: NodeHttp) => void) | undefined
}

const links: Link[] = []
let http: NodeHttp | undefined
let seen = 0

/**
 * Makes a prototype of ours, and those before it, behave as Node's at the first touch. It emits events from the start, since
 * every process has node:events. The members named are stubs on an object that stands in for Node's prototype: the first call
 * loads node:http, and its prototype replaces the object.
 */
export function linkAtFirstTouch(
  root: object,
  from: NodeClass,
  stubs: readonly PropertyKey[],
  onLink?: (http: NodeHttp) => void,
): void {
  const standIn = Object.create(getBuiltinModule('node:events').EventEmitter.prototype)
  for (const name of stubs) standIn[name] = stub(from, name)
  Object.setPrototypeOf(root, standIn)
  links.push({ root, from, onLink })
}

/**
 * Links our requests and responses with Node's classes, so that `instanceof` and everything that streams do holds. It is done
 * by itself at the first touch; call it before genuine messages are given our prototypes.
 */
export function linkNode(): NodeHttp {
  if (http) return http
  http = getBuiltinModule('node:http')
  for (const { root, from, onLink } of links) {
    Object.setPrototypeOf(root, http[from].prototype)
    onLink?.(http)
  }
  return http
}

// Node's own list of the built-in modules in this process: its length is all that is read for most requests.
const loaded = (process as unknown as { moduleLoadList?: readonly string[] }).moduleLoadList ?? []

/** Links if the application's imports have loaded node:http anyway; cheap enough to ask at each request. */
export function linkIfLoaded(): void {
  if (http || loaded.length === seen) return
  seen = loaded.length
  if (loaded.includes('NativeModule _http_incoming')) linkNode()
}

/** Node's prototype behind a genuine message that was given one of ours. */
function nodePrototype(self: object): object {
  const { IncomingMessage, ServerResponse } = linkNode()
  return self instanceof IncomingMessage ? IncomingMessage.prototype : ServerResponse.prototype
}

/** What Node has under a name, for genuine messages. */
export function nodeMember(name: PropertyKey, self: object): unknown {
  return Reflect.get(nodePrototype(self), name, self)
}

/** An accessor that leaves a message that is Node's own, one without the mark, to what Node has under the name. */
export function ownAccessor<Message extends object>(
  name: PropertyKey,
  mark: keyof Message,
  get: (message: Message) => unknown,
  set: ((message: Message, value: never) => void) | undefined,
): PropertyDescriptor {
  return {
    configurable: true,
    get(this: Message) {
      return !this[mark] ? nodeMember(name, this) : get(this)
    },
    set(this: Message, value: never) {
      if (!this[mark]) setNodeMember(name, this, value)
      else set?.(this, value)
    },
  }
}

/** Calls Node's own method on a genuine message. */
// biome-ignore lint/suspicious/noExplicitAny: the result is that of whichever method is named.
export function callNode(name: PropertyKey, self: object, args: ArrayLike<unknown>): any {
  return Reflect.apply(nodeMember(name, self) as () => unknown, self, args)
}

/** Sets what Node has an accessor for, on a genuine message. */
export function setNodeMember(name: PropertyKey, self: object, value: unknown): void {
  Reflect.set(nodePrototype(self), name, value, self)
}

function stub(from: NodeClass, name: PropertyKey) {
  return function (this: object, ...args: unknown[]): unknown {
    return Reflect.apply(Reflect.get(linkNode()[from].prototype, name, this) as () => unknown, this, args)
  }
}
