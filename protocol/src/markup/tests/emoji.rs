//! Which messages are nothing but a few emoji.

use super::super::is_big;

#[test]
fn one_to_three_emoji_alone_are_big() {
    for text in [
        "🌊",
        "🌊🦀",
        "🌊 🦀\n🐚",
        "❤️",
        "👍🏽",
        "☝🏽",
        "🇩🇪",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "👩‍👩‍👧‍👦",
        "👩‍❤️‍💋‍👩",
        "🏳️‍🌈",
        "❤‍🔥",
        "🧑🏽‍🚀",
        "🕵🏽‍♂️",
        "🤷‍♀",
        "1️⃣",
        "#⃣",
        "©️",
        "⏰",
        "✅",
        "☕",
        "⭐",
        "🀄",
        "🫠",
        "🅰️",
    ] {
        assert!(is_big(text), "{text}");
    }
}

#[test]
fn other_signs_and_crowds_of_emoji_are_not() {
    for text in [
        "",
        " ",
        "a",
        "1",
        "12",
        "#",
        "*",
        "🌊a",
        "a 🌊",
        "🌊🦀🐚🐙",
        "©",
        "™",
        "✓",
        "→",
        "♪",
        "🇩",
        "🇩a",
        "❤",
        "\u{fe0f}",
        "\u{200d}",
        "🌊\u{200d}",
        "👩‍👩‍👩‍👩‍👩‍👩‍👩",
        "👍🏽🏽🏽🏽🏽🏽🏽",
        "ア",
        "漢",
        "!",
        "1\u{fe0f}",
        ":)",
        "\u{20e3}",
    ] {
        assert!(!is_big(text), "{text}");
    }
}
