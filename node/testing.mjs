import testing from './testing.js'

export const { Sandbox } = testing
