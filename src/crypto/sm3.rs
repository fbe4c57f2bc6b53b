//! SM3 (GB/T 32905-2016): the 256-bit digest of everything that is sealed.
//!
//! In: bytes, in any number of pieces. Out: 32 bytes. Invariant: a cloned [`Sm3`] continues from the same state, which is how a
//! prefix that many documents share is digested once.

use std::io;

use sm3::Digest as _;

/// A digest.
pub type Digest = [u8; 32];

/// The running state of a digest.
#[derive(Clone, Debug, Default)]
pub struct Sm3(sm3::Sm3);

impl Sm3 {
    /// The empty message.
    pub fn new() -> Sm3 {
        Sm3::default()
    }

    /// Appends `bytes` to the message.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all that was appended.
    pub fn finish(self) -> Digest {
        self.0.finalize().into()
    }
}

/// The digest of `bytes`.
pub fn digest(bytes: &[u8]) -> Digest {
    sm3::Sm3::digest(bytes).into()
}

impl io::Write for Sm3 {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn the_standards_first_example() {
        assert_eq!(hex(&digest(b"abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    }

    #[test]
    fn the_standards_second_example_of_one_whole_block() {
        assert_eq!(
            hex(&digest(&b"abcd".repeat(16))),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        );
    }

    #[test]
    fn another_implementation_agrees_at_every_padding_length() {
        let bytes: Vec<u8> = (0..=200).collect();
        for n in 0..bytes.len() {
            assert_eq!(hex(&digest(&bytes[..n])), sm_crypto::sm3::sm3_hash(&bytes[..n]), "{n} bytes");
        }
    }

    #[test]
    fn a_cloned_state_continues_and_leaves_the_first_alone() {
        let mut prefix = Sm3::new();
        prefix.update(b"ab");
        let mut whole = prefix.clone();
        whole.update(b"c");
        assert_eq!(whole.finish(), digest(b"abc"));
        assert_eq!(prefix.finish(), digest(b"ab"));
    }
}
