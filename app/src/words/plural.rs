//! Which form of a sentence a count takes: CLDR's rules for whole numbers
//! (<https://www.unicode.org/cldr/charts/48/supplemental/language_plural_rules.html>). A browser has them
//! itself and goes by those; `plurals.json` holds both to the same.

use super::template::Category;

/// English and German.
pub(super) fn one_or_other(count: u32) -> Category {
    if count == 1 { Category::One } else { Category::Other }
}

pub(super) fn spanish(count: u32) -> Category {
    match count {
        1 => Category::One,
        _ if count > 0 && count.is_multiple_of(1_000_000) => Category::Many,
        _ => Category::Other,
    }
}

pub(super) fn arabic(count: u32) -> Category {
    match (count, count % 100) {
        (0, _) => Category::Zero,
        (1, _) => Category::One,
        (2, _) => Category::Two,
        (_, 3..=10) => Category::Few,
        (_, 11..=99) => Category::Many,
        _ => Category::Other,
    }
}
