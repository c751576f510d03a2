// Makes app/src/emoji.txt, what the emoji picker and the completion know, from emojibase-data, whose
// version stands in end2end/package.json. With --check it only tells whether the file is up to date.

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const FILE = new URL('../app/src/emoji.txt', import.meta.url)
/** What is newer, many devices draw as an empty box. */
const NEWEST = 15.1
/** Of so many words none is left out. */
const FEW = 3
/** Kinds in the order of the picker, with emojibase's numbers for them. Its kind 2 is skin tones. */
const KINDS = { smileys: 0, people: 1, nature: 3, food: 4, activities: 6, travel: 5, objects: 7, symbols: 8, flags: 9 }

const require = createRequire(new URL('../end2end/package.json', import.meta.url))
const data = (name) => require(`emojibase-data/${name}.json`)
const { version } = data('package')
const [github, own] = [data('en/shortcodes/github'), data('en/shortcodes/emojibase')]

/** Those that GitHub knows are the ones that people know. */
const codes = ({ hexcode }) => [github[hexcode] ?? own[hexcode] ?? []].flat().filter((code) => /^[a-z0-9_+-]+$/.test(code))

/** Emojibase says of each one that could be text that it is none, also where everybody knows. */
const glyph = ({ emoji }) => emoji.replace(/(\p{Emoji_Presentation})\uFE0F/gu, '$1')

const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean)

/** What else it is found by: words that begin differently from those of its name and codes. */
const tags = ({ label, tags = [] }, codes) => {
  const known = words([label, ...codes].join(' '))
  const isNew = (word) => word.length > 2 && !known.some((other) => other.startsWith(word))
  return [...new Set(tags.flatMap(words))].filter(isNew)
}

const known = data('en/data')
  .filter((one) => one.version <= NEWEST && codes(one).length > 0)
  .sort((a, b) => a.order - b.order)
  .map((one) => ({ ...one, codes: codes(one), tags: tags(one, codes(one)) }))

const uses = new Map()
for (const tag of known.flatMap(({ tags }) => tags)) uses.set(tag, (uses.get(tag) ?? 0) + 1)

/** A word that means one emoji alone is rarely thought of, and all of them are a seventh of what is loaded. */
const kept = ({ tags }) => (tags.length <= FEW ? tags : tags.filter((tag) => uses.get(tag) > 1))

const line = (one) => [glyph(one), one.label, one.codes.join(' '), kept(one).join(' ')].join('\t')
const kind = ([name, group]) => [`# ${name}`, ...known.filter((one) => one.group === group).map(line)]
const made = [`emojibase-data ${version}, made by bin/emoji`, ...Object.entries(KINDS).flatMap(kind), ''].join('\n')

if (!process.argv.includes('--check')) writeFileSync(FILE, made)
else if (readFileSync(FILE, 'utf8') !== made) {
  console.error('app/src/emoji.txt is not what bin/emoji makes of this emojibase-data: run it')
  process.exitCode = 1
}
