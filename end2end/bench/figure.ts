// A figure: what was measured, what it should be, and what it is. `table.ts` makes a table of them, and
// shows beside it tables that compare.

import { test } from '../support/test'

export type Figure = {
  what: string
  target: string
  measured: string
  /** Whether that is within the target. */
  met: boolean
}

export const figure = (figure: Figure) => {
  test.info().annotations.push({ type: 'figure', description: JSON.stringify(figure) })
}

export type Compared = { head: string[], rows: string[][] }

export const table = (compared: Compared) => {
  test.info().annotations.push({ type: 'table', description: JSON.stringify(compared) })
}

/** The smallest of the values that so much of them does not exceed. */
export const quantile = (values: number[], part: number) =>
  values.toSorted((a, b) => a - b).at(Math.ceil(part * values.length) - 1) ?? NaN

export const median = (values: number[]) => quantile(values, 0.5)
export const p95 = (values: number[]) => quantile(values, 0.95)

export const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`
