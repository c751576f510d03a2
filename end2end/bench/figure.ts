// A figure: what was measured, what it should be, and what it is. `table.ts` makes a table of them, and
// shows beside it tables that compare.

import { test } from '../support/test'

export type Figure = {
  what: string
  target: string
  measured: string
  /** Whether that is within the target. */
  met: boolean
  /** Of a target in time: how many times what it allows was needed. */
  needed?: number
}

/** What a delivery in one room of 1,000 costs axum on a machine for which the targets in time are meant, in µs. */
export const PACE = 4.9

/** What it costs on this one. */
export const pace = (us: number) => {
  test.info().annotations.push({ type: 'pace', description: String(us) })
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
