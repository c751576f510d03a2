//! The frames of a WebSocket (RFC 6455, 5.2), for a reader that only counts, and for a sender of what no
//! client sends. Pure.

use anyhow::{Result, bail};

/// Of the first byte: nothing of the message is still to come.
pub const END: u8 = 0x80;
/// Goes on with the message that began.
pub const MORE: u8 = 0;
pub const TEXT: u8 = 1;
pub const BINARY: u8 = 2;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
pub const PONG: u8 = 10;

/// Any key will do: nobody is between us and the server.
const KEY: [u8; 4] = [0x5a, 0xc3, 0x96, 0x3c];

pub struct Frame<'a> {
    pub opcode: u8,
    pub payload: &'a [u8],
}

/// A client's frame.
pub fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    piece(END | opcode, payload)
}

/// A client's frame with this first byte, whatever it says.
pub fn piece(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(len @ ..=125), _) => frame.push(0x80 | len),
        (_, Ok(len)) => {
            frame.push(0x80 | 126);
            frame.extend(len.to_be_bytes());
        }
        (_, Err(_)) => {
            frame.push(0x80 | 127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend(KEY);
    frame.extend(payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// Takes the first frame off, if all of it is there.
///
/// # Errors
/// A part of a message: no server in question sends any.
pub fn take<'a>(bytes: &mut &'a [u8]) -> Result<Option<Frame<'a>>> {
    let Some((&[first, second], rest)) = bytes.split_first_chunk() else { return Ok(None) };
    if first & 0x80 == 0 || second & 0x80 != 0 {
        bail!("a frame that is masked, or no whole message");
    }
    let head = match second {
        126 => rest.split_first_chunk().map(|(len, rest)| (u16::from_be_bytes(*len).into(), rest)),
        127 => rest.split_first_chunk().map(|(len, rest)| (u64::from_be_bytes(*len), rest)),
        len => Some((len.into(), rest)),
    };
    let Some((len, rest)) = head else { return Ok(None) };
    let Some((payload, rest)) = rest.split_at_checked(usize::try_from(len)?) else {
        return Ok(None);
    };
    *bytes = rest;
    Ok(Some(Frame { opcode: first & 0x0f, payload }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use super::*;

    /// What a server would send.
    fn unmasked(payload: &[u8]) -> Vec<u8> {
        let mut frame = masked(TEXT, payload);
        let key = frame.len() - payload.len() - KEY.len();
        frame[1] &= 0x7f;
        frame.truncate(key);
        frame.extend(payload);
        frame
    }

    #[test]
    fn frames_of_any_length_come_whole_and_in_order() {
        let lengths = [0, 1, 125, 126, 65_535, 65_536];
        let sent: Vec<u8> =
            lengths.iter().flat_map(|length| unmasked(&vec![b'x'; *length])).collect();
        let mut rest = sent.as_slice();
        for length in lengths {
            let frame = take(&mut rest).unwrap().unwrap();
            assert_eq!((frame.opcode, frame.payload.len()), (TEXT, length));
        }
        assert!(rest.is_empty());
    }

    #[test]
    fn what_has_not_come_yet_is_waited_for() {
        for length in [9, 126, 65_536] {
            let sent = unmasked(&vec![b'x'; length]);
            for end in [0, 1, 2, 5, sent.len() - 1] {
                let mut rest = sent.get(..end).unwrap();
                assert!(take(&mut rest).unwrap().is_none());
                assert_eq!(rest.len(), end);
            }
        }
    }
}
