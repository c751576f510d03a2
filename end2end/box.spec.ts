// The message box under the hands: keys, touch, input methods, and how high it is.

import type { Person } from './support/person'
import { expect, test } from './support/test'

/** CSS pixels between what is seen of the log and its end. */
const gap = ({ log }: Person) => log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight)

test('Enter sends with a keyboard, and Shift+Enter begins a line', async ({ person, isMobile }) => {
  test.skip(isMobile, 'by touch Enter begins a line')
  const ana = await person('Ana')
  await ana.create()
  await ana.box.pressSequentially('one')
  await ana.box.press('Shift+Enter')
  await ana.box.pressSequentially('two')
  await ana.box.press('Enter')
  await ana.expectSaid(['one\ntwo'])
  await expect(ana.box).toHaveValue('')
  await expect(ana.box).toBeFocused()
})

test('by touch, Enter begins a line', async ({ person, isMobile }) => {
  test.skip(!isMobile, 'a keyboard has another key for it')
  const ana = await person('Ana')
  await ana.create()
  await ana.box.pressSequentially('one')
  await ana.box.press('Enter')
  await ana.box.pressSequentially('two')
  await expect(ana.box).toHaveValue('one\ntwo')
  await ana.send.tap()
  await ana.expectSaid(['one\ntwo'])
})

test('Ctrl+Enter sends with whatever hand', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  await ana.box.pressSequentially('one')
  await ana.box.press('Control+Enter')
  await ana.expectSaid(['one'])
  await ana.box.press('Control+Enter')
  await ana.box.pressSequentially('two')
  await ana.box.press('Control+Enter')
  await ana.expectSaid(['one', 'two'])
})

test('the Enter that ends a word of an input method sends nothing', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  await ana.box.fill('にほ')
  // As Chromium and Firefox say it, and as Safari does.
  for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
    const taken = await ana.box.evaluate((box, composing) => {
      const enter = { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true, ...composing }
      return !box.dispatchEvent(new KeyboardEvent('keydown', enter))
    }, composing)
    expect(taken).toBe(false)
  }
  await expect(ana.box).toHaveValue('にほ')
  await expect(ana.rows).toHaveCount(0)
  await ana.box.press('Control+Enter')
  await ana.expectSaid(['にほ'])
})

test('the box keeps the focus when Send is pressed', async ({ person, isMobile }) => {
  const ana = await person('Ana')
  await ana.create()
  await ana.box.fill('one')
  await ana.box.evaluate((box) => {
    const seen = { left: 0 }
    Object.assign(window, { seen })
    box.addEventListener('blur', () => (seen.left += 1))
  })
  await (isMobile ? ana.send.tap() : ana.send.click())
  await ana.expectSaid(['one'])
  await expect(ana.box).toBeFocused()
  // Else a phone would put its keyboard away and raise it again.
  expect(await ana.page.evaluate('seen.left')).toBe(0)
})

test('a slash leads to the box, and is a letter in it', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  await ana.log.focus()
  await ana.page.keyboard.press('/')
  await expect(ana.box).toBeFocused()
  await expect(ana.box).toHaveValue('')
  await ana.page.keyboard.press('/')
  await expect(ana.box).toHaveValue('/')
})

test('a click on the log leads to the box, unless it selects or follows something', async ({ person, isMobile }) => {
  test.skip(isMobile, 'a tap would raise the keyboard')
  const ana = await person('Ana')
  await ana.create()
  await ana.say('Copyable')
  await ana.button('People').focus()
  await ana.log.click({ position: { x: 5, y: 5 } })
  await expect(ana.box).toBeFocused()
  await ana.button('People').focus()
  await ana.row('Copyable').getByText('Copyable').dblclick()
  expect(await ana.page.evaluate(() => getSelection()?.toString())).toBe('Copyable')
  await expect(ana.box).not.toBeFocused()
})

test('in an empty box the page keys scroll the log', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  const lines = Array.from({ length: 60 }, (_, line) => `${line}`).join('\n')
  for (const text of ['first', lines, 'last']) await ana.say(text)
  await expect(ana.unsent).toHaveCount(0)
  await expect(ana.row('last')).toBeInViewport()
  await expect(ana.row('first')).not.toBeInViewport()
  await expect(async () => {
    await ana.box.press('PageUp')
    await expect(ana.row('first')).toBeInViewport({ timeout: 100 })
  }).toPass()
  await expect(ana.box).toBeFocused()
  await expect(async () => {
    await ana.box.press('PageDown')
    await expect(ana.row('last')).toBeInViewport({ timeout: 100 })
  }).toPass()
  await ana.box.fill('some\ntext')
  // The box grew, and the log is put right with the next frame.
  await expect.poll(() => gap(ana)).toBeLessThanOrEqual(1)
  const top = () => ana.log.evaluate((log) => log.scrollTop)
  const before = await top()
  await ana.box.press('PageUp')
  expect(await top()).toBe(before)
})

test('the box grows with its text up to a limit, and the newest stays in sight', async ({ person }) => {
  const ana = await person('Ana')
  await ana.create()
  for (const text of ['one', Array(60).fill('line').join('\n'), 'the newest']) await ana.say(text)
  const height = () => ana.box.evaluate((box) => box.clientHeight)
  const heights = [await height()]
  for (const lines of [3, 5, 50]) {
    await ana.box.fill(Array(lines).fill('line').join('\n'))
    heights.push(await height())
    await expect.poll(() => gap(ana)).toBeLessThanOrEqual(1)
    await expect(ana.row('the newest')).toBeInViewport()
    await expect(ana.send).toBeInViewport()
  }
  const [one, three, five, fifty] = heights as [number, number, number, number]
  expect(three).toBeGreaterThan(one + 30)
  expect(five).toBeGreaterThan(three + 30)
  expect(fifty).toBeLessThanOrEqual(176)
  await ana.box.fill('')
  expect(await height()).toBe(one)
})
