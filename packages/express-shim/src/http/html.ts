const ENTITIES: Record<string, string> = { '"': '&quot;', '&': '&amp;', "'": '&#39;', '<': '&lt;', '>': '&gt;' }

/** Text as HTML: the five characters that have a meaning there become entities. */
export const escapeHtml = (text: string): string => text.replace(/["&'<>]/g, (character) => ENTITIES[character]!)

/** The small page that Express answers errors and redirects with, byte for byte; `text` is HTML. */
export const htmlPage = (title: string, text: string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
</head>
<body>
<pre>${text}</pre>
</body>
</html>
`
