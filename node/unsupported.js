'use strict'

throw new Error(
  'icepanel-invites runs on Node.js, Bun and Deno. It does not run in a browser or on an edge runtime: it is native code, ' +
    'and the API key of an organization does not belong there. Call it from a server.',
)
