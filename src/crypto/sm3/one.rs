//! One message at a time, on any processor.

use super::rounds::{CONSTANTS, compress};

/// Takes `state` past `block`.
pub(super) fn digest(state: &mut [u32; 8], block: &[u8; 64]) {
    let (words, _) = block.as_chunks();
    let words: [u32; 16] = std::array::from_fn(|j| u32::from_be_bytes(words[j]));
    *state = compress!(*state, words);
}

fn splat(number: u32) -> u32 {
    number
}

fn add(a: u32, b: u32) -> u32 {
    a.wrapping_add(b)
}

fn xor(a: u32, b: u32) -> u32 {
    a ^ b
}

fn xor3(a: u32, b: u32, c: u32) -> u32 {
    a ^ b ^ c
}

/// FF from round 16 on.
fn majority(a: u32, b: u32, c: u32) -> u32 {
    (a & b) | ((a | b) & c)
}

/// GG from round 16 on.
fn choose(a: u32, b: u32, c: u32) -> u32 {
    ((b ^ c) & a) ^ c
}

fn rotate<const BY: u32>(a: u32) -> u32 {
    a.rotate_left(BY)
}
