import type { Identity } from '@expressway/core/handle'

type ClientCertificate = NonNullable<Identity['clientCertificate']>

/** What `tls.TLSSocket#getPeerCertificate` returns, as far as a gateway reports it. */
export interface PeerCertificate {
  subject?: Record<string, string | string[]>
  issuer?: Record<string, string | string[]>
  valid_from?: string
  valid_to?: string
  serialNumber?: string
  raw?: Buffer
}

/** The certificate in the shape that code written for `node:tls` reads. */
export function toPeerCertificate(certificate: ClientCertificate | undefined): PeerCertificate {
  if (!certificate) return {}
  const { subject, issuer, notBefore, notAfter, serialNumber, pem } = certificate
  return {
    ...(subject !== undefined && { subject: toName(subject) }),
    ...(issuer !== undefined && { issuer: toName(issuer) }),
    ...(notBefore !== undefined && { valid_from: notBefore }),
    ...(notAfter !== undefined && { valid_to: notAfter }),
    // node:tls writes it as upper-case hexadecimal digits without separators.
    ...(serialNumber !== undefined && { serialNumber: serialNumber.replaceAll(':', '').toUpperCase() }),
    ...(pem !== undefined && { raw: Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64') }),
  }
}

// RFC 4514: commas separate attributes, and a backslash makes the next character literal. Gateways may put a space after a comma;
// with another kind of space a type is another type.
function toName(distinguishedName: string): Record<string, string | string[]> {
  const name: Record<string, string | string[]> = Object.create(null)
  for (const [attribute] of distinguishedName.matchAll(/(?:\\.|[^,\\])+/g)) {
    const at = attribute.indexOf('=')
    if (at < 0) continue
    const type = attribute.slice(0, at).replace(/^ +/, '')
    const value = attribute.slice(at + 1).replace(/\\(.)/g, '$1')
    const earlier = name[type]
    name[type] = earlier === undefined ? value : [earlier, value].flat()
  }
  return name
}
