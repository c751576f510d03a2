// Ends the output with the line that `bin/test` adds up.

import type { Reporter, Suite } from '@playwright/test/reporter'

export default class Sum implements Reporter {
  private suite: Suite | undefined
  private broken = 0

  onBegin(_: unknown, suite: Suite) {
    this.suite = suite
  }

  /** Something failed outside of every test, such as a file that does not compile. */
  onError() {
    this.broken += 1
  }

  onEnd() {
    const outcomes = this.suite?.allTests().map((test) => (test.results.length ? test.outcome() : 'unexpected')) ?? []
    const passed = outcomes.filter((outcome) => outcome === 'expected').length
    const failed = outcomes.filter((outcome) => outcome === 'unexpected' || outcome === 'flaky').length
    console.log(`${passed} passed, ${failed + this.broken} failed`)
  }

  printsToStdio() {
    return true
  }
}
