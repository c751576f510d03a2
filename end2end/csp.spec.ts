// The content security policy of every kind of page, as Google's evaluator judges it.

import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js'
import { Severity } from 'csp_evaluator/dist/finding.js'
import { CspParser } from 'csp_evaluator/dist/parser.js'
import type { Page } from '@playwright/test'
import { expect, test } from './support/test'

/** What is worse than worth knowing. */
const findings = (policy: string) =>
  new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .filter(({ severity }) => severity < Severity.INFO)
    .map(({ directive, value, description }) => `${directive} ${value ?? ''}: ${description}`)

const policyOf = async (page: Page, path: string, status: number) => {
  const answer = await page.goto(path)
  expect(answer?.status(), path).toBe(status)
  const policy = (await answer?.headersArray())?.filter(({ name }) => name.toLowerCase() === 'content-security-policy')
  expect(policy, path).toHaveLength(1)
  return policy?.[0]?.value ?? ''
}

test('no page has a policy that somebody gets around', async ({ person, quiet }) => {
  quiet.allow(/status of 40[34]/)
  const [ana, eve] = [await person('Ana'), await person('Eve')]
  const room = ana.base + (await ana.create())
  await ana.say('Low tide at six')
  const pages: [string, Page, string, number][] = [
    ['lobby', ana.page, ana.base, 200],
    ['new room', ana.page, `${ana.base}/new`, 200],
    ['settings', ana.page, `${ana.base}/settings`, 200],
    ['devices', ana.page, `${ana.base}/devices`, 200],
    ['room', ana.page, room, 200],
    ['room, for a visitor', eve.page, room, 200],
    ['desk', ana.page, `${room}/desk`, 200],
    ['rules', ana.page, `${room}/rules`, 200],
    ['person', ana.page, `${room}/people/1`, 200],
    ['message', ana.page, `${room}/m/1`, 200],
    ['door', eve.page, `${ana.base}/r/ZZZZ`, 404],
    ['arrival', eve.page, `${ana.base}/move/${'0'.repeat(64)}`, 404],
    ['sorry', eve.page, `${room}/desk`, 403],
    ['values', ana.page, `${room}/history`, 200],
  ]
  for (const [name, page, path, status] of pages) {
    expect(findings(await policyOf(page, path, status)), name).toEqual([])
  }
})

test('the evaluator finds what is planted in a policy of ours', async ({ person }) => {
  const { page, base } = await person('Ana')
  const policy = await policyOf(page, base, 200)
  for (const [ours, planted] of [
    [/'nonce-[^']+' 'strict-dynamic'/, "'unsafe-inline'"],
    [/'strict-dynamic'/, '* data:'],
    [/'wasm-unsafe-eval'/, "'unsafe-eval'"],
    [/script-src 'nonce-[^']+' 'strict-dynamic'/, 'script-src https://ajax.googleapis.com'],
    [/'nonce-[^']+'/, "'nonce-short'"],
    [/base-uri 'none'; /, ''],
    [/default-src 'none'; script-src/, 'script-source'],
  ] as const) {
    expect(policy).toMatch(ours)
    expect(findings(policy.replace(ours, planted)), planted).not.toEqual([])
  }
})
