//! Base45 (RFC 9285): bytes in the alphanumeric characters of QR marks, two in three.
//!
//! In: bytes. Out: text, and back. Invariant: a text has one meaning or none, and bytes have one text.

/// RFC 9285, table 1; a character's value is its place.
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// The text of `bytes`: three characters for two bytes, two for a last single one, the lowest digit first (section 4).
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for pair in bytes.chunks(2) {
        let mut value = pair.iter().fold(0, |value, &byte| value << 8 | usize::from(byte));
        for _ in 0..=pair.len() {
            text.push(char::from(ALPHABET[value % 45]));
            value /= 45;
        }
    }
    text
}

/// The bytes of `text`; `None` if it is not Base45.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len().div_ceil(3) * 2);
    for digits in text.as_bytes().chunks(3) {
        let value = digits.iter().rev().try_fold(0u32, |value, digit| {
            let digit = ALPHABET.iter().position(|c| c == digit)?;
            Some(value * 45 + digit as u32)
        })?;
        match digits.len() {
            3 => bytes.extend(u16::try_from(value).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(value).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_rfc() {
        for (bytes, text) in [
            ("AB", "BB8"),
            ("Hello!!", "%69 VD92EX0"),
            ("base-45", "UJCLQE7W581"),
            ("ietf!", "QED8WEX0"),
            ("", ""),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
    }

    #[test]
    fn what_no_bytes_encode_to_is_refused() {
        // A digit alone; 65,536 and more (section 6); 256 in two digits; characters outside the set.
        for text in ["A", "BB8A", "GGW", ":::", "V5", "::", "bb8", "BB\n", "ＢＢ８"] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(decode("FGW"), Some(vec![0xff, 0xff]));
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn any_text_that_has_bytes_is_their_text(text in "[0-9A-Z $%*+./:-]{0,60}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
