// What every story starts from: a server, people, a line that can be cut, and quiet.

import { type BrowserContextOptions, test as base, expect } from '@playwright/test'
import { Person } from './person'
import { Proxy } from './proxy'
import { Quiet } from './quiet'
import { Server } from './server'

type Options = BrowserContextOptions & {
  /** Where they reach the server; by default directly. */
  base?: string
}

type Fixtures = {
  /** Of the server. */
  settings: string[]
  server: Server
  /** A line to the server, for whoever is told its address. */
  line: Proxy
  quiet: Quiet
  /** Somebody new, in a browser of their own. */
  person: (name: string, options?: Options) => Promise<Person>
}

export const test = base.extend<Fixtures>({
  // People in stories talk faster than people.
  settings: [['--post-burst', '100000'], { option: true }],

  server: async ({ settings }, use, info) => {
    const server = await Server.start(settings)
    await use(server)
    const failed = info.status !== info.expectedStatus
    if (failed) await info.attach('server log', { body: server.log, contentType: 'text/plain' })
    await server.remove()
    expect(server.log).not.toContain('panicked')
  },

  line: async ({ server }, use) => {
    const line = await Proxy.start(server.port)
    await use(line)
    await line.stop()
  },

  quiet: async ({}, use) => {
    const quiet = new Quiet()
    await use(quiet)
    quiet.check()
  },

  person: async ({ browser, server, quiet }, use) => {
    const contexts: { close(): Promise<void> }[] = []
    await use(async (name, { base = server.url, ...options } = {}) => {
      const context = await browser.newContext(options)
      contexts.push(context)
      await quiet.watch(context)
      return new Person(name, await context.newPage(), base, options.javaScriptEnabled === false)
    })
    for (const context of contexts) await context.close()
  },
})

export { expect }
