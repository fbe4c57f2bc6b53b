//! SM3 (GB/T 32905-2016): the 256-bit digest of everything that is sealed.
//!
//! In: bytes, in any number of pieces. Out: 32 bytes. One message is digested by a stream of 380 MB/s, which is what the latency of the
//! rounds allows; many are digested side by side, by [`digest_all`].
//! Invariant: a cloned [`Sm3`] continues from the same state, which is how a prefix that many documents share is digested once.

mod lanes;
mod message;
mod one;
mod rounds;
mod wide;

use std::fmt;
use std::io;

pub use lanes::digest_all;
pub(crate) use lanes::{Wanted, fill};
pub use message::Message;

/// A digest.
pub type Digest = [u8; 32];

/// The running state of a digest.
#[derive(Clone)]
pub struct Sm3 {
    /// After the blocks so far.
    state: [u32; 8],
    /// Bytes so far.
    length: u64,
    /// Those that do not fill a block yet come first.
    block: [u8; 64],
}

impl Sm3 {
    /// The empty message.
    pub const fn new() -> Sm3 {
        /// The initial value (4.1).
        const IV: [u32; 8] = [
            0x7380_166f,
            0x4914_b2b9,
            0x1724_42d7,
            0xda8a_0600,
            0xa96f_30bc,
            0x1631_38aa,
            0xe38d_ee4d,
            0xb0fb_0e4e,
        ];
        Sm3 { state: IV, length: 0, block: [0; 64] }
    }

    /// Appends `bytes` to the message.
    pub fn update(&mut self, mut bytes: &[u8]) {
        let begun = self.unfinished().len();
        self.length += bytes.len() as u64;
        if begun > 0 {
            let (head, rest) = bytes.split_at(bytes.len().min(64 - begun));
            self.block[begun..begun + head.len()].copy_from_slice(head);
            if begun + head.len() < 64 {
                return;
            }
            one::digest(&mut self.state, &self.block);
            bytes = rest;
        }
        let (blocks, rest) = bytes.as_chunks();
        blocks.iter().for_each(|block| one::digest(&mut self.state, block));
        self.block[..rest.len()].copy_from_slice(rest);
    }

    /// The digest of all that was appended.
    pub fn finish(self) -> Digest {
        Message::after(&self, [&[], &[]]).digest()
    }

    /// The bytes that do not fill a block yet.
    fn unfinished(&self) -> &[u8] {
        &self.block[..(self.length % 64) as usize]
    }
}

impl Default for Sm3 {
    fn default() -> Sm3 {
        Sm3::new()
    }
}

impl fmt::Debug for Sm3 {
    /// What was digested may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sm3").field("length", &self.length).finish_non_exhaustive()
    }
}

/// The digest of `bytes`.
pub fn digest(bytes: &[u8]) -> Digest {
    Message::new(bytes).digest()
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

    /// What `update` makes of the bytes when it is given them in pieces of these lengths.
    fn in_pieces(bytes: &[u8], lengths: impl Iterator<Item = usize>) -> Sm3 {
        let (mut state, mut rest) = (Sm3::new(), bytes);
        for length in lengths {
            let (piece, after) = rest.split_at(length.min(rest.len()));
            state.update(piece);
            rest = after;
        }
        state.update(rest);
        state
    }

    #[test]
    fn side_by_side_every_kernel_digests_as_one_stream_and_as_others_do() {
        // A simple generator: the bytes only have to differ.
        let bytes: Vec<u8> = (0..40_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for count in [0, 1, 2, 3, 7, 8, 9, 16, 17, 40, 100] {
            let of = |i: usize| &bytes[i..i + (i * i * 37 + 64 * (i % 3)) % 9000];
            let prefixes: Vec<Sm3> =
                (0..count).map(|i| in_pieces(&bytes[..i * 13], [].into_iter())).collect();
            let message = |i: usize| Message::after(&prefixes[i], [of(i), of(i / 2)]);
            let together = digest_all(&(0..count).map(message).collect::<Vec<_>>());
            for (i, found) in together.into_iter().enumerate() {
                let whole = [&bytes[..i * 13], of(i), of(i / 2)].concat();
                assert_eq!(found, digest(&whole), "message {i} of {count}");
                assert_eq!(found, <[u8; 32]>::from(<sm3::Sm3 as sm3::Digest>::digest(&whole)));
                assert_eq!(found, in_pieces(&whole, [1, 63, 64, i, 65, 200].into_iter()).finish());
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_messages_side_by_side_have_the_digests_of_another_implementation(
            messages in proptest::collection::vec(proptest::collection::vec(0..=255_u8, 0..300), 0..40),
        ) {
            let wanted: Vec<Message> = messages.iter().map(|m| Message::new(m)).collect();
            for (found, message) in digest_all(&wanted).iter().zip(&messages) {
                assert_eq!(hex(found), sm_crypto::sm3::sm3_hash(message));
            }
        }
    }
}
