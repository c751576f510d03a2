// What a browser keeps of somebody whose page goes: what was typed, and what was not sent.

import { expect, type Page } from '@playwright/test'

const DRAFT = 'parley.draft.'

/** What was typed, in each room. It is kept a moment later. */
export const drafts = (page: Page) =>
  page.evaluate((draft) => Object.keys(localStorage).filter((key) => key.startsWith(draft)).map((key) => localStorage[key] as string), DRAFT)

/** So many messages wait on the disk, those of all tabs. A message is drawn before it is there. */
export const expectKept = (page: Page, count: number) =>
  expect
    .poll(() =>
      page.evaluate(async () => {
        const done = <T>(request: IDBRequest<T>) =>
          new Promise<T>((resolve, reject) => {
            request.onsuccess = () => resolve(request.result)
            request.onerror = () => reject(request.error)
          })
        const database = await done(indexedDB.open('parley'))
        const kept = await done(database.transaction('outbox').objectStore('outbox').count())
        database.close()
        return kept
      }),
    )
    .toBe(count)
