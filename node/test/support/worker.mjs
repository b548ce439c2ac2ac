// A worker thread: makes calls forever, or the given number of calls.

import { parentPort, workerData } from 'node:worker_threads'
import { InviteClient } from 'icepanel-invites'

const { options, calls } = workerData
const client = new InviteClient({ ...options, onEvent: () => {} })
const many = Array.from({ length: calls }, () => client.list())
parentPort.postMessage('started')
const lists = await Promise.all(many)
parentPort.postMessage(lists.length)
