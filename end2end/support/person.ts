// Somebody with a browser of their own: what they do, and what they see.

import { expect, type Page } from '@playwright/test'

export type Status = 'connecting' | 'live' | 'reconnecting' | 'offline'

/** Names in sentences are isolated by marks that nobody sees. */
const plain = (text: string | null) => (text ?? '').replace(/[\u2068\u2069]/g, '').trim()

export class Person {
  constructor(
    readonly name: string,
    readonly page: Page,
    /** Where they reach the server. */
    readonly base: string,
    /** Without JavaScript. */
    readonly plain = false,
  ) {}

  get box() {
    return this.page.getByRole('textbox', { name: 'Message' })
  }

  get send() {
    return this.page.getByRole('button', { name: 'Send' })
  }

  get log() {
    return this.page.getByRole('log', { name: 'Messages' })
  }

  get rows() {
    return this.log.locator('[data-message]')
  }

  get yourName() {
    return this.page.getByRole('textbox', { name: 'Your name' })
  }

  get roomCode() {
    return this.page.getByRole('textbox', { name: 'Room code' })
  }

  get people() {
    return this.page.locator('#people .people__name')
  }

  /** Themselves among the people who are here. */
  get me() {
    return this.page.locator('#people li').filter({ has: this.page.getByText('You', { exact: true }) })
  }

  /** Where a day begins in the log. It is not always called the same: midnight may fall into a story. */
  get days() {
    return this.log.getByRole('button', { name: /^(Today|Yesterday)$/ })
  }

  /** Rows that have not reached the server, or were refused. */
  get unsent() {
    return this.log.locator('[data-message]:not([data-status=sent])')
  }

  /** By what is said in it: a time beside it would make another number of a digit that it begins with. */
  row(text: string) {
    return this.rows.filter({ has: this.page.locator('.message__bubble', { hasText: text }) })
  }

  button(name: string) {
    return this.page.getByRole('button', { name, exact: true })
  }

  async open(path = '/') {
    await this.page.goto(new URL(path, this.base).href)
  }

  /** Creates a room and returns its path. */
  async create() {
    await this.open()
    await this.yourName.fill(this.name)
    await this.button('Create a room').click()
    await this.expectRoom()
    return new URL(this.page.url()).pathname
  }

  /** Opens a link and joins under their name. With that the page gives up the line that it had as a visitor's: what
   * is typed before it has the other one is told to nobody. */
  async join(link: string) {
    await this.open(link)
    await this.expectRoom()
    await this.yourName.fill(this.name)
    await this.button('Join').click()
    await expect(this.yourName).toHaveCount(0)
    if (!this.plain) await expect(this.me).toHaveCount(1)
    await this.expectRoom()
  }

  async say(text: string) {
    await this.box.fill(text)
    await this.send.click()
    await expect(this.row(text)).toHaveCount(1)
    await expect(this.box).toHaveValue('')
  }

  async sayAll(texts: string[]) {
    for (const text of texts) await this.say(text)
  }

  /** Presses "Copy link" and returns what somebody else would be sent. */
  async copyLink() {
    const byHand = this.page.getByRole('textbox', { name: 'Copy this link' })
    const copied = this.page.getByRole('status').filter({ hasText: 'Copied' })
    await this.button('Copy link').click()
    await expect(byHand.or(copied)).toBeAttached()
    if (await byHand.isVisible()) return byHand.inputValue()
    await this.box.press('ControlOrMeta+v')
    await expect(this.box).toHaveValue(/^http/)
    const link = await this.box.inputValue()
    await this.box.fill('')
    return link
  }

  async openPeople() {
    if (!(await this.page.locator('#people').isVisible())) await this.button('People').click()
    await expect(this.page.locator('#people')).toBeVisible()
  }

  /** Exactly these people are here, each once; in which order, the page decides. */
  async expectPeople(names: string[], timeout = 15_000) {
    const sorted = async () => (await this.people.allTextContents()).sort()
    await expect.poll(sorted, { timeout }).toEqual([...names].sort())
  }

  /** Exactly this is said of who is typing; without marks of direction. */
  async expectTyping(text: string) {
    await expect.poll(async () => plain(await this.page.locator('.typing').textContent())).toBe(text)
  }

  /** Exactly these lines of who came and went are in the log. */
  async expectLines(lines: string[]) {
    const texts = async () => (await this.log.locator('.timeline__line').allTextContents()).map(plain)
    await expect.poll(texts, { timeout: 15_000 }).toEqual(lines)
  }

  async expectHere(count: number) {
    const fact = this.page.locator('.room-header__fact', { hasText: /^\d+ here$/ })
    await expect(fact).toHaveText(`${count} here`, { timeout: 15_000 })
  }

  async leave() {
    await this.button('Leave room').click()
    await expect(this.button('Create a room')).toBeVisible()
  }

  async expectRoom() {
    await expect(this.page).toHaveURL(/\/r\/[A-Za-z]{4,5}\/?$/)
    await expect(this.box).toBeVisible()
    if (!this.plain) await this.expectStatus('live')
  }

  async expectStatus(...status: Status[]) {
    const one = new RegExp(`^(${status.join('|')})$`)
    await expect(this.page.locator('header .connection')).toHaveAttribute('data-status', one, { timeout: 20_000 })
  }

  /** Exactly this was said, each once, in this order, and all of it has reached the server. */
  async expectSaid(texts: string[]) {
    await expect(this.rows.locator('.message__bubble')).toHaveText(texts, { timeout: 20_000 })
    await expect(this.unsent).toHaveCount(0, { timeout: 20_000 })
  }

  /** From here on the server seems to take nothing from them. */
  async postsAreRefused() {
    await this.page.routeWebSocket(/\/live/, (socket) => {
      const server = socket.connectToServer()
      socket.onMessage((text) => {
        const { n, command } = JSON.parse(String(text)) as { n: number; command: { post?: object } }
        if (command.post) socket.send(JSON.stringify({ refused: { n, refusal: 'not_a_member' } }))
        else server.send(text)
      })
    })
    await this.page.reload()
    await this.expectRoom()
  }

  async expectWaiting(text: string) {
    await expect(this.row(text)).toHaveAttribute('data-status', 'pending')
  }
}
