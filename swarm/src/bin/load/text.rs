//! What is said: texts of 100 characters that say where they belong, in a way that can be found in any
//! frame without reading the rest of it. Pure.

use memchr::memchr_iter;

/// Stands nowhere else in a frame.
const MARK: char = '@';
const ROOM: usize = 4;
const SERIAL: usize = 8;
const LENGTH: usize = 100;
const WORDS: &str =
    " We could meet on Thursday instead: the room is free from two to four, and so am I.";

/// The texts of a room count from 0.
pub(crate) fn text(room: usize, serial: usize) -> String {
    let mut text = format!("{MARK}{room:0ROOM$}{serial:0SERIAL$}{WORDS}");
    text.truncate(LENGTH);
    while text.len() < LENGTH {
        text.push('.');
    }
    text
}

/// The rooms and serials of the texts in a frame, in their order.
pub(crate) fn texts(frame: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    memchr_iter(MARK as u8, frame).filter_map(|at| {
        let rest = frame.get(at + 1..)?;
        let (room, rest) = number(rest, ROOM)?;
        Some((room, number(rest, SERIAL)?.0))
    })
}

fn number(bytes: &[u8], digits: usize) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_at_checked(digits)?;
    let number = number.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + usize::from(byte - b'0'))
    })?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_in_a_frame() {
        let (one, two) = (text(7, 0), text(4999, 12_345_678));
        assert_eq!((one.len(), two.len()), (LENGTH, LENGTH));
        for frame in [
            format!(r#"{{"values":[{{"text":"{one}"}},{{"text":"{two}"}}]}}"#),
            format!("{one}{two}"),
            format!(r#"42["post","{one}"]@12@{two}@"#),
        ] {
            let found: Vec<_> = texts(frame.as_bytes()).collect();
            assert_eq!(found, [(7, 0), (4999, 12_345_678)], "{frame}");
        }
    }
}
