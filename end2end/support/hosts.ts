// What hosts do in their rooms, and how one comes into a room that does not open by itself.

import type { Page } from '@playwright/test'
import { sends } from './forms'
import type { Person } from './person'
import { expect } from './test'

export const TEA = 'Tea'

/** Names in sentences are isolated by marks that nobody sees. */
export const sentence = (text: string) => new RegExp(`^${text.replace(/\{(.*?)\}/g, '\u2068$1\u2069')}$`)

export const heading = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: sentence(text) })

/** A room that is called so; it is its host who makes it. */
export const makes = async (host: Person, name = TEA) => {
  await host.open('/new')
  await host.yourName.fill(host.name)
  await host.page.getByRole('textbox', { name: 'Room name' }).fill(name)
  await host.button('Create a room').click()
  await host.expectRoom()
  return new URL(host.page.url()).pathname
}

/** What the room's menu leads to. */
export const goes = async (host: Person, where: 'Desk' | 'Room settings') => {
  await host.button('Room menu').click()
  await host.page.getByRole('navigation', { name: 'Room menu' }).getByRole('link', { name: where }).click()
  await expect(heading(host.page, where)).toBeVisible()
}

/** To the room, from one of its pages. */
export const back = async (host: Person) => {
  await host.page.getByRole('main').getByRole('link').first().click()
  await host.expectRoom()
}

/** On the page of rules, which the menu of the room leads to; then back. */
export const settles = async (host: Person, settle: (page: Page) => Promise<unknown>) => {
  await goes(host, 'Room settings')
  await settle(host.page)
  await sends(host.button('Save'))
  await expect(heading(host.page, 'Room settings')).toBeVisible()
  await back(host)
}

export const choose = (group: string, name: string) => (page: Page) =>
  page.getByRole('radiogroup', { name: group }).getByRole('radio', { name }).check()

export const comeInBy = (way: 'Link' | 'Knock' | 'Nobody') => choose('Who can come in', way)

/** The page of somebody in the room, found among the people. */
export const actsOn = async (host: Person, name: string) => {
  await host.openPeople()
  await host.page.locator('#people').getByRole('link', { name, exact: true }).click()
  await expect(heading(host.page, name)).toBeVisible()
}

export const desk = ({ page }: Person) => ({
  group: (name: string) => page.getByRole('region', { name, exact: true }),
  button: (name: RegExp) => page.getByRole('button', { name }),
  link: page.getByRole('textbox', { name: 'New link' }),
})

export const knocks = async (guest: Person, room: string, note = '') => {
  await guest.open(room)
  await expect(heading(guest.page, 'Knock first')).toBeVisible()
  await guest.yourName.fill(guest.name)
  await guest.page.getByRole('textbox', { name: 'Note' }).fill(note)
  await guest.button('Knock').click()
  await expect(heading(guest.page, 'You knocked')).toBeVisible()
}

/** Under the header of a host's room. */
export const knocking = ({ page }: Person, name: string) => {
  const banner = page.getByRole('form', { name: sentence(`{${name}} is knocking`) })
  return { banner, admit: banner.getByRole('button', { name: sentence(`Admit {${name}}`) }) }
}

/** By the door of a room with a password. */
export const enters = async (guest: Person, password: string) => {
  await guest.page.locator('input[type=password]').fill(password)
  await guest.button('Join').click()
}

export const bubbles = ({ log }: Person) => log.locator('[data-message] .message__bubble')

export const composer = ({ page }: Person) => page.locator('form.composer')

/** The page of a message, by the way that stands beside it where it is pointed at. */
export const opensMessage = async (reader: Person, text: string) => {
  const row = reader.row(text)
  const more = row.getByRole('link', { name: 'More' })
  // Beside what is said, which may be a link. What comes meanwhile moves it away from under the mouse.
  const pointed = async () => {
    await row.hover({ position: { x: 8, y: 8 } })
    return more.isVisible()
  }
  await expect.poll(pointed).toBe(true)
  await more.click()
  await expect(heading(reader.page, 'Message')).toBeVisible()
}

export const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
