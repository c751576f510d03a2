// What a room costs to load, as it is served, and what the program weighs.

import { stat } from 'node:fs/promises'
import { get } from 'node:http'
import { resolve } from 'node:path'
import { expect, test } from './support/test'

/** So much and no more. */
const ROOM_BYTES = 205_000
const BINARY_BYTES = 15_000_000

/** Bytes on the wire to somebody who takes brotli. */
const weigh = (url: string) =>
  new Promise<number>((done, fail) => {
    get(url, { headers: { 'accept-encoding': 'br' } }, (answer) => {
      if (answer.headers['content-encoding'] !== 'br') fail(new Error(`${url} is not compressed`))
      let bytes = 0
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length))
      answer.on('end', () => done(bytes))
    }).on('error', fail)
  })

/** The first bytes of what is served to somebody who takes only this packing, and how it was packed. */
const begin = (url: string, accepted: string) =>
  new Promise<{ packed: string; bytes: number[] }>((done, fail) => {
    get(url, { headers: { 'accept-encoding': accepted } }, (answer) => {
      const packed = answer.headers['content-encoding'] ?? 'nothing'
      answer.once('data', (chunk: Buffer) => {
        done({ packed, bytes: [...chunk.subarray(0, 2)] })
        answer.resume()
      })
    }).on('error', fail)
  })

test('whoever takes no brotli gets the same', async ({ person }) => {
  const ana = await person('Ana')
  const asked = ana.page.waitForRequest(/\.wasm$/)
  await ana.create()
  const url = (await asked).url()
  // How gzip and a WebAssembly module begin.
  expect(await begin(url, 'gzip')).toEqual({ packed: 'gzip', bytes: [0x1f, 0x8b] })
  expect(await begin(url, 'identity')).toEqual({ packed: 'nothing', bytes: [0x00, 0x61] })
})

test('a room loads little', async ({ person }) => {
  const ana = await person('Ana')
  const urls = new Set<string>()
  ana.page.on('response', (answer) => {
    if (/\.(wasm|js|css)$/.test(new URL(answer.url()).pathname)) urls.add(answer.url())
  })
  await ana.create()
  const endings = [...urls].map((url) => url.split('.').at(-1))
  expect(endings.sort()).toEqual(['css', 'js', 'wasm'])
  const weights = await Promise.all([...urls].map(weigh))
  const sum = weights.reduce((sum, bytes) => sum + bytes, 0)
  test.info().annotations.push({ type: 'bytes', description: String(sum) })
  expect(sum, [...urls].map((url, at) => `${url} ${weights[at]}`).join('\n')).toBeLessThanOrEqual(ROOM_BYTES)
})

test('the program is small', async () => {
  const { size } = await stat(resolve(process.env.PARLEY ?? '../target/release/parley'))
  expect(size).toBeLessThanOrEqual(BINARY_BYTES)
})
