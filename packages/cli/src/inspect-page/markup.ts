/** The page's elements; the icon is empty so that the browser asks for none. */
export const markup = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Expressway invocations</title>
<link rel="icon" href="data:,">
<style>/* styles */</style>
</head>
<body>
<header class="bar">
  <h1>Invocations <span id="count" class="count">0</span></h1>
  <span id="live" class="live" role="status">Connecting</span>
  <div class="tools" role="search">
    <input id="search" type="search" placeholder="Search: /orders 5xx warning" aria-label="Search invocations"
      aria-describedby="search-help" autocomplete="off" spellcheck="false">
    <span id="search-help" class="hidden">Words anywhere in the request, event, result or response; 4xx, 5xx, error and
      warning select kinds. The slash key comes here.</span>
    <button id="clear" type="button">Clear</button>
  </div>
</header>
<main id="main">
  <section class="list-side" aria-label="Invocations">
    <div id="list" role="listbox" tabindex="0" aria-label="Invocations, newest first"></div>
    <p id="empty" class="empty">Nothing yet. Send a request to this server and it appears here.</p>
  </section>
  <section id="detail" class="detail-side" aria-label="Selected invocation">
    <p class="empty">Choose an invocation to see its request, event, result and response.</p>
  </section>
</main>
<p id="notice" class="notice" role="status" aria-live="polite"></p>
<script>/* script */</script>
</body>
</html>
`
