//! A code for a camera, drawn in the page itself, so that it stands under no address.

use protocol::Picture;

use super::html::Text;

pub(super) fn qr(picture: &Picture, label: &str) -> String {
    let Picture { size, path } = picture;
    format!(
        r#"<div class="qr"><svg viewBox="0 0 {size} {size}" role="img" aria-label="{}"><path fill="currentColor" d="{}"></path></svg></div>"#,
        Text(label),
        Text(path)
    )
}
