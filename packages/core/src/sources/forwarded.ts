import { type Fields, lastListItem } from '../message/headers.ts'

/**
 * The address that the load balancer saw: the last of X-Forwarded-For, since it appends to what the client sent. A port
 * (the target group attribute `routing.http.xff_client_port.enabled`) and the brackets of an IPv6 address are removed.
 */
export function forwardedFor(request: Fields): string | undefined {
  const address = lastListItem(request, 'x-forwarded-for')
  return address?.replace(/^\[([^\]]*)\](?::\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
}

/** `http` or `https` by the last of X-Forwarded-Proto, or `otherwise` if it says neither. */
export function forwardedProto(request: Fields, otherwise: 'http' | 'https'): 'http' | 'https' {
  const protocol = lastListItem(request, 'x-forwarded-proto')?.toLowerCase()
  return protocol === 'http' || protocol === 'https' ? protocol : otherwise
}
