// What a page complains about fails its test: errors in the console, exceptions, violations of the
// content security policy. A story that cuts lines says beforehand which complaints it causes.

import { type BrowserContext, expect } from '@playwright/test'

/** What Chromium and Firefox say of a connection that failed. */
export const CUT = /net::ERR_|NS_ERROR_|WebSocket connection to|can.t establish a connection|was interrupted while/

export class Quiet {
  private readonly errors: string[] = []
  private readonly allowed: RegExp[] = []

  allow(...patterns: RegExp[]) {
    this.allowed.push(...patterns)
  }

  async watch(context: BrowserContext) {
    context.on('console', (line) => {
      if (line.type() === 'error') this.errors.push(`${line.text()} (${line.location().url})`)
    })
    context.on('weberror', (error) => this.errors.push(String(error.error())))
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (violation) => {
        console.error(`content security policy: ${violation.violatedDirective}: ${violation.blockedURI}`)
      })
    })
  }

  check() {
    const unexpected = this.errors.filter((error) => !this.allowed.some((pattern) => pattern.test(error)))
    expect(unexpected, 'errors in the browser').toEqual([])
  }
}
