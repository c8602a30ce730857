/** Arguments with which a Node.js process runs TypeScript: Node.js before 22.18 does so only when it is asked to. */
export const typeStripping: readonly string[] = process.features.typescript
  ? []
  : ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
