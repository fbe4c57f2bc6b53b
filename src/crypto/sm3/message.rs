//! A message as blocks: what a state has not taken in yet, the bytes after that, the padding.

use super::{Digest, Sm3, one};

/// A message whose digest is wanted: it goes on from a state.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    start: &'a Sm3,
    pieces: [&'a [u8]; 2],
}

impl<'a> Message<'a> {
    /// The message of these bytes alone.
    pub fn new(bytes: &'a [u8]) -> Message<'a> {
        static EMPTY: Sm3 = Sm3::new();
        Message::after(&EMPTY, [bytes, &[]])
    }

    /// What `start` has taken in, then the pieces.
    pub fn after(start: &'a Sm3, pieces: [&'a [u8]; 2]) -> Message<'a> {
        Message { start, pieces }
    }

    /// Its digest, by itself. [`digest_all`](super::digest_all) is for many.
    pub fn digest(&self) -> Digest {
        Blocks::of(self).digest(self.start.state)
    }

    /// The state before its blocks.
    pub(super) fn state(&self) -> [u32; 8] {
        self.start.state
    }
}

/// The digest that the last state is.
pub(super) fn to_bytes(state: [u32; 8]) -> Digest {
    let mut digest = [0; 32];
    for (to, from) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *to = from.to_be_bytes();
    }
    digest
}

/// The blocks that the message's state still has to take in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocks<'a> {
    /// The rest of the piece that is being read, and the pieces after it.
    now: &'a [u8],
    later: [&'a [u8]; 2],
    /// The bits of the whole message.
    bits: u64,
    /// Whether the bit after the message has been written.
    ended: bool,
    /// How many blocks are to come.
    pub(super) left: usize,
}

impl<'a> Blocks<'a> {
    pub(super) fn of(&Message { start, pieces }: &Message<'a>) -> Blocks<'a> {
        let now = start.unfinished();
        let more = pieces[0].len() + pieces[1].len();
        // 5.2: a bit and the length, eight bytes, follow the message.
        let left = (now.len() + more + 1 + 8).div_ceil(64);
        Blocks { now, later: pieces, bits: (start.length + more as u64) * 8, ended: false, left }
    }

    /// What they make of `state`, one after the other.
    pub(super) fn digest(mut self, mut state: [u32; 8]) -> Digest {
        let mut block = [0; 64];
        while self.left > 0 {
            self.next(&mut block);
            one::digest(&mut state, &block);
        }
        to_bytes(state)
    }

    /// The next block, into `block`; there must be one left.
    pub(super) fn next(&mut self, block: &mut [u8; 64]) {
        self.left -= 1;
        match self.now.split_first_chunk() {
            Some((next, rest)) => {
                *block = *next;
                self.now = rest;
            }
            None => self.next_at_a_seam(block),
        }
    }

    /// A block that holds the end of a piece, or of the message.
    fn next_at_a_seam(&mut self, block: &mut [u8; 64]) {
        block.fill(0);
        let mut at = 0;
        loop {
            let taken = self.now.len().min(64 - at);
            let (next, rest) = self.now.split_at(taken);
            block[at..at + taken].copy_from_slice(next);
            at += taken;
            self.now = rest;
            if at == 64 {
                return;
            }
            let [next, after] = self.later;
            if next.is_empty() && after.is_empty() {
                break;
            }
            (self.now, self.later) = (next, [after, &[]]);
        }
        if !self.ended {
            block[at] = 0x80;
            at += 1;
            self.ended = true;
        }
        if at <= 56 {
            block[56..].copy_from_slice(&self.bits.to_be_bytes());
        }
    }
}
