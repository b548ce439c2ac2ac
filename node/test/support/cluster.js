'use strict'

// Three processes of a cluster, each killed while a call of it hangs.

const cluster = require('node:cluster')
const { InviteClient } = require('icepanel-invites')

if (cluster.isPrimary) {
  for (let n = 0; n < 3; n++) {
    const worker = cluster.fork()
    worker.on('message', () => worker.process.kill())
    worker.on('exit', (code, signal) => console.log(signal))
  }
} else {
  const client = new InviteClient(JSON.parse(process.argv[2]))
  Promise.all([client.list(), client.list()]).then(() => {
    client.members()
    setTimeout(() => process.send('in a call'), 50)
  })
}
