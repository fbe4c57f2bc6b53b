//! Several messages side by side, each in a lane of the processor's vector registers.
//!
//! In: a state for each lane, `state[word][lane]`, and a block for each. Out: the next states. The kernels differ only in the width of a
//! register and in how many instructions a turn or a choice among bits takes.
//! Invariant: a kernel does to each lane what [`one`](super::one) does to its only message.

#![expect(
    unsafe_code,
    reason = "kernels are called only where their instructions were found, and registers read back as arrays"
)]

use std::sync::LazyLock;

/// States and blocks of `N` messages.
pub(super) type Kernel<const N: usize> = fn(&mut [[u32; N]; 8], &[[u8; 64]; N]);

/// What this processor has, and how few messages are still worth it. Figures are of one processor with all three.
pub(super) struct Kernels {
    /// Sixteen messages do 2,690 MB/s together. Eight are better off with the next.
    pub(super) of_16: Option<(Kernel<16>, usize)>,
    /// Eight messages do 2,080 MB/s with AVX-512, 1,300 with AVX2; one by itself does 360 to 400.
    pub(super) of_8: Option<(Kernel<8>, usize)>,
}

pub(super) static KERNELS: LazyLock<Kernels> = LazyLock::new(|| {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
            // SAFETY: the features that these two ask for were found in the line above.
            let of_16: Kernel<16> = |state, blocks| unsafe { avx512::digest(state, blocks) };
            let of_8: Kernel<8> = |state, blocks| unsafe { avx512vl::digest(state, blocks) };
            return Kernels { of_16: Some((of_16, 9)), of_8: Some((of_8, 2)) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the feature that it asks for was found in the line above.
            let of_8: Kernel<8> = |state, blocks| unsafe { avx2::digest(state, blocks) };
            return Kernels { of_16: None, of_8: Some((of_8, 3)) };
        }
    }
    Kernels { of_16: None, of_8: None }
});

/// A kernel of `$lanes` messages: `set` makes a register of numbers, the functions are what [`compress`](super::rounds) is written in.
#[cfg(target_arch = "x86_64")]
macro_rules! kernel {
    (
        $name:ident, $features:literal, [$vector:ty; $lanes:literal], $set:ident($($lane:literal)*),
        $(fn $function:ident$(<const $by:ident>)?($($value:ident),*) = $body:expr;)*
    ) => {
        mod $name {
            use std::arch::x86_64::*;

            use crate::crypto::sm3::rounds::{CONSTANTS, compress};

            #[target_feature(enable = $features)]
            pub(super) fn digest(state: &mut [[u32; $lanes]; 8], blocks: &[[u8; 64]; $lanes]) {
                let word = |block: &[u8; 64], j: usize| u32::from_be_bytes(block.as_chunks().0[j]);
                let words: [$vector; 16] =
                    std::array::from_fn(|j| load(std::array::from_fn(|lane| word(&blocks[lane], j))));
                let before: [$vector; 8] = std::array::from_fn(|i| load(state[i]));
                for (to, from) in state.iter_mut().zip(compress!(before, words)) {
                    // SAFETY: a register and an array of its numbers have one size, and any bits are numbers.
                    *to = unsafe { std::mem::transmute::<$vector, [u32; $lanes]>(from) };
                }
            }

            #[target_feature(enable = $features)]
            #[inline]
            fn load(numbers: [u32; $lanes]) -> $vector {
                $set($(numbers[$lane] as i32),*)
            }

            #[target_feature(enable = $features)]
            #[inline]
            fn splat(number: u32) -> $vector {
                load([number; $lanes])
            }

            $(
                #[target_feature(enable = $features)]
                #[inline]
                fn $function$(<const $by: i32>)?($($value: $vector),*) -> $vector {
                    $body
                }
            )*
        }
    };
}

#[cfg(target_arch = "x86_64")]
kernel! {
    avx512, "avx512f", [__m512i; 16], _mm512_setr_epi32(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15),
    fn add(a, b) = _mm512_add_epi32(a, b);
    fn xor(a, b) = _mm512_xor_si512(a, b);
    fn xor3(a, b, c) = _mm512_ternarylogic_epi32::<0x96>(a, b, c);
    fn majority(a, b, c) = _mm512_ternarylogic_epi32::<0xe8>(a, b, c);
    fn choose(a, b, c) = _mm512_ternarylogic_epi32::<0xca>(a, b, c);
    fn rotate<const BY>(a) = _mm512_rol_epi32::<BY>(a);
}

#[cfg(target_arch = "x86_64")]
kernel! {
    avx512vl, "avx512f,avx512vl", [__m256i; 8], _mm256_setr_epi32(0 1 2 3 4 5 6 7),
    fn add(a, b) = _mm256_add_epi32(a, b);
    fn xor(a, b) = _mm256_xor_si256(a, b);
    fn xor3(a, b, c) = _mm256_ternarylogic_epi32::<0x96>(a, b, c);
    fn majority(a, b, c) = _mm256_ternarylogic_epi32::<0xe8>(a, b, c);
    fn choose(a, b, c) = _mm256_ternarylogic_epi32::<0xca>(a, b, c);
    fn rotate<const BY>(a) = _mm256_rol_epi32::<BY>(a);
}

#[cfg(target_arch = "x86_64")]
kernel! {
    avx2, "avx2", [__m256i; 8], _mm256_setr_epi32(0 1 2 3 4 5 6 7),
    fn add(a, b) = _mm256_add_epi32(a, b);
    fn xor(a, b) = _mm256_xor_si256(a, b);
    fn xor3(a, b, c) = xor(xor(a, b), c);
    fn majority(a, b, c) = _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(_mm256_or_si256(a, b), c));
    fn choose(a, b, c) = xor(_mm256_and_si256(xor(b, c), a), c);
    fn rotate<const BY>(a) = _mm256_or_si256(
        _mm256_sll_epi32(a, _mm_cvtsi32_si128(BY)),
        _mm256_srl_epi32(a, _mm_cvtsi32_si128(32 - BY)),
    );
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;
    use crate::crypto::sm3::one;

    fn check<const N: usize>(kernel: impl Fn(&mut [[u32; N]; 8], &[[u8; 64]; N])) {
        let mut seed = 1_u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed ^ seed >> 16
        };
        for _ in 0..50 {
            let mut state: [[u32; N]; 8] = std::array::from_fn(|_| std::array::from_fn(|_| next()));
            let blocks: [[u8; 64]; N] = std::array::from_fn(|_| std::array::from_fn(|_| next() as u8));
            let mut alone: [[u32; 8]; N] = std::array::from_fn(|lane| state.map(|words| words[lane]));
            alone.iter_mut().zip(&blocks).for_each(|(state, block)| one::digest(state, block));
            kernel(&mut state, &blocks);
            for (lane, alone) in alone.into_iter().enumerate() {
                assert_eq!(state.map(|words| words[lane]), alone);
            }
        }
    }

    #[test]
    fn each_kernel_that_this_processor_runs_does_to_each_lane_what_one_stream_does() {
        // SAFETY: each is called only where the features that it asks for were found.
        if is_x86_feature_detected!("avx2") {
            check(|state, blocks| unsafe { avx2::digest(state, blocks) });
        }
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
            check(|state, blocks| unsafe { avx512vl::digest(state, blocks) });
            check(|state, blocks| unsafe { avx512::digest(state, blocks) });
        }
    }
}
