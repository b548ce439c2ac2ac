'use strict'

// Has a scenario judged: scenario-judge says what to do, the driver does it, and the last line is the verdict.

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { drive } = require('./driver.js')

const root = join(__dirname, '../../..')
const built = join(root, 'target/debug', process.platform === 'win32' ? 'scenario-judge.exe' : 'scenario-judge')
const program = process.env.SCENARIO_JUDGE ?? built

/** What the client does otherwise than the scenario says, as a text; undefined if it passes. */
async function judged(...scenario) {
  if (!existsSync(program)) throw new Error(`there is no ${program}: \`cargo build -p scenario-judge\` builds it`)
  const judge = spawn(program, scenario, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(judge, 'exit')
  // The result of a call that ends after the verdict is not needed.
  judge.stdin.on('error', () => {})
  const verdict = await drive(judge.stdout, judge.stdin)
  const [code] = await ended
  if (verdict === undefined) throw new Error(`the judge ended with ${code}, without a verdict`)
  return verdict.failed
}

module.exports = { folder: join(root, 'tests/scenarios'), judged }
