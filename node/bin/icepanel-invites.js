#!/usr/bin/env node
'use strict'

// The command: `npx icepanel-invites demo`. Its code is in the addon.

const native = require('../lib/native.js')

process.exitCode = native.runCommand(['icepanel-invites', ...process.argv.slice(2)])
