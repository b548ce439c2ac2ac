import { defineConfig } from 'vitest/config'

// The limits of vitest itself, 5 s for a test and 10 s for a hook, are for machines that do nothing else.
export default defineConfig({ test: { include: ['test/vitest/*.spec.mjs'], testTimeout: 60_000, hookTimeout: 60_000 } })
