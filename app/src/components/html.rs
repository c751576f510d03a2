//! HTML that both sides write as text: where a view would cost the browser's bundle more than it
//! gives. Whatever is not written here goes through `Text`.

use std::fmt::{Display, Formatter, Result, Write};

#[cfg(feature = "ssr")]
use leptos::tachys::html::InertElement;

/// For text and for values in double quotes alike.
pub(super) struct Text<'a>(pub(super) &'a str);

impl Display for Text<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        for c in self.0.chars() {
            match c {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                _ => out.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A text alone.
pub(super) fn text(text: &str) -> String {
    Text(text).to_string()
}

/// As a part of a view: one element.
#[cfg(feature = "ssr")]
pub(crate) fn raw(html: String) -> InertElement {
    InertElement::new(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_read_as_html() {
        assert_eq!(
            text(r#"<b title="x">&amp;'</b>"#),
            "&lt;b title=&quot;x&quot;&gt;&amp;amp;'&lt;/b&gt;"
        );
    }
}
