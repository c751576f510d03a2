// Says all figures at the end and, if told to, writes them into `bench/README.md`: all or none.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter'
import { type Compared, type Figure, PACE } from './figure'

const README = '../bench/README.md'
const TABLE = /(?<=<!-- table -->\n)[^]*(?=<!-- end -->)/

export default class Table implements Reporter {
  private readonly figures: Figure[] = []
  private readonly compared: Compared[] = []
  private browser = ''
  private pace = PACE

  onTestEnd(_: TestCase, { annotations }: TestResult) {
    for (const { type, description } of annotations) {
      if (type === 'figure') this.figures.push(JSON.parse(description ?? '') as Figure)
      if (type === 'table') this.compared.push(JSON.parse(description ?? '') as Compared)
      if (type === 'pace') this.pace = Number(description)
      if (type === 'browser') this.browser = description ?? ''
    }
  }

  onEnd({ status }: FullResult) {
    const slower = this.pace / PACE
    const rows = this.figures.map((figure) => [figure.what, figure.target, figure.measured, verdict(figure, slower)])
    const figures = { head: ['what', 'target', 'measured', ''], rows }
    const table = [figures, ...this.compared].map(markdown).join('\n\n')
    console.log(`\n${table}`)
    if (!process.env.WRITE || status !== 'passed') return
    const text = readFileSync(README, 'utf8')
    writeFileSync(README, text.replace(TABLE, () => `${circumstances(this.browser)}\n\n${table}\n`))
  }
}

/** A machine that is so many times slower needs as many times as long. */
const verdict = ({ met, needed = Infinity }: Figure, slower: number) => {
  if (met) return ''
  return needed <= slower ? `missed, within ${slower.toFixed(1)} ×` : 'missed'
}

const markdown = ({ head, rows }: Compared) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8' }).trim()

/** When, of what and on what. */
const circumstances = (browser: string) => {
  const edited = run('git', 'status', '--porcelain', '--', ':!bench/README.md')
  const commit = `${run('git', 'rev-parse', '--short', 'HEAD')}${edited ? ', edited' : ''}`
  const processors = cpus()
  const machine = `${processors.length} × ${processors[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}`
  return `On ${new Date().toISOString().slice(0, 10)}, commit ${commit}; ${machine}; Chromium ${browser}.`
}
