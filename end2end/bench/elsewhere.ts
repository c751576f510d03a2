// Requests of people elsewhere, as a proxy on this machine sends them on, over lines that stay open.

import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** For a server that believes this machine where they come from. */
export const BEHIND_PROXY = ['--trusted-proxies', '127.0.0.1']

const agent = new Agent({ keepAlive: true })

export type Visitor = { from: string, cookie?: string }

/** One of 131,072 that nobody has, for they are for measuring (RFC 2544, C.2.2). */
export const address = (n: number) => `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`

/** Gets a page or, with fields, sends a form as a program does. `ms` is until all of the answer is there. */
export const ask = async (url: URL, { from, cookie }: Visitor, fields?: Record<string, string>) => {
  const headers = {
    accept: fields ? 'application/json' : 'text/html',
    'x-forwarded-for': from,
    ...(cookie && { cookie }),
    ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }),
  }
  const began = performance.now()
  const asked = request(url, { agent, headers, method: fields ? 'POST' : 'GET' })
  asked.end(fields && new URLSearchParams(fields).toString())
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const body = await text(answer)
  const ms = performance.now() - began
  return { status: answer.statusCode ?? 0, body, cookie: answer.headers['set-cookie']?.[0]?.split(';')[0], ms }
}
