//! Deflated data and what they inflate to, remembered: fonts, page templates and art that one file after the other holds.
//!
//! In: deflated bytes, as they stand in a file. Out: [`Known`], if the very same bytes were inflated before.
//! Invariant: what is remembered is found by its deflated bytes, all of them compared; number and size are bounded.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::crypto::sm3::{self, Digest};

/// Most bytes of all that is remembered, deflated and inflated.
const SIZE: usize = 16 << 20;
/// Largest data that are remembered, inflated.
const LARGEST: usize = 1 << 20;
/// Smallest data that are worth it, deflated.
const SMALLEST: usize = 128;
/// Most data that were seen once, and are remembered when they come again.
const SEEN: usize = 4096;

/// What was inflated before, for all who share it.
#[derive(Default)]
pub(crate) struct Inflated(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    known: HashMap<Name, Arc<Known>>,
    size: usize,
    seen: HashSet<Name>,
}

/// How deflated data are looked for: their length, their beginning and their end. They are compared in any case.
type Name = (usize, [u8; 16], [u8; 16]);

/// Data that were inflated before.
#[derive(Debug)]
pub(crate) struct Known {
    deflated: Box<[u8]>,
    /// What they inflate to.
    pub(crate) plain: Box<[u8]>,
    digest: OnceLock<Digest>,
    checksum: OnceLock<u32>,
}

/// CRC-32, as a ZIP has it (APPNOTE.TXT, 4.4.7).
pub(crate) fn checksum(data: &[u8]) -> u32 {
    let mut checksum = flate2::Crc::new();
    checksum.update(data);
    checksum.sum()
}

impl Inflated {
    /// What `deflated` inflate to: as it is remembered, or by `inflate`, which is asked once for data that come again and again.
    pub(crate) fn get<E>(
        &self,
        deflated: &[u8],
        inflate: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Plain, E> {
        let name = name(deflated);
        let known = name.and_then(|name| self.lock().known.get(&name).cloned());
        if let Some(known) = known.filter(|known| *known.deflated == *deflated) {
            return Ok(Plain::Known(known));
        }
        let plain = inflate()?;
        match name {
            Some(name) if plain.len() <= LARGEST => Ok(self.remember(name, deflated, plain)),
            _ => Ok(Plain::New(plain)),
        }
    }

    /// Remembers what comes for the second time.
    fn remember(&self, name: Name, deflated: &[u8], plain: Vec<u8>) -> Plain {
        let mut memory = self.lock();
        if !memory.seen.remove(&name) {
            if memory.seen.len() >= SEEN {
                memory.seen.clear();
            }
            memory.seen.insert(name);
            return Plain::New(plain);
        }
        drop(memory);
        let size = deflated.len() + plain.len();
        let known = Arc::new(Known {
            deflated: deflated.into(),
            plain: plain.into(),
            digest: OnceLock::new(),
            checksum: OnceLock::new(),
        });
        let mut memory = self.lock();
        // What is used often is soon there again.
        if memory.size + size > SIZE {
            memory.known.clear();
            memory.size = 0;
        }
        let other = memory.known.insert(name, Arc::clone(&known));
        memory.size += size;
        memory.size -= other.map_or(0, |other| other.deflated.len() + other.plain.len());
        Plain::Known(known)
    }

    /// A poisoned memory is as good as before: it is changed by whole entries.
    fn lock(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Inflated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflated").finish_non_exhaustive()
    }
}

/// Inflated data.
#[derive(Clone, Debug)]
pub(crate) enum Plain {
    New(Vec<u8>),
    Known(Arc<Known>),
}

impl Plain {
    /// The CRC-32 of the data.
    pub(crate) fn checksum(&self) -> u32 {
        match self {
            Plain::New(plain) => checksum(plain),
            Plain::Known(known) => *known.checksum.get_or_init(|| checksum(&known.plain)),
        }
    }

    /// The SM3 of the data.
    pub(crate) fn digest(&self) -> Digest {
        match self {
            Plain::New(plain) => sm3::digest(plain),
            Plain::Known(known) => *known.digest.get_or_init(|| sm3::digest(&known.plain)),
        }
    }

    /// The data alone.
    pub(crate) fn into_vec(self) -> Vec<u8> {
        match self {
            Plain::New(plain) => plain,
            Plain::Known(known) => known.plain.to_vec(),
        }
    }
}

impl std::ops::Deref for Plain {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Plain::New(plain) => plain,
            Plain::Known(known) => &known.plain,
        }
    }
}

fn name(deflated: &[u8]) -> Option<Name> {
    let long = deflated.len() >= SMALLEST;
    let (first, last) = (deflated.first_chunk(), deflated.last_chunk());
    long.then_some((deflated.len(), *first?, *last?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks for what `deflated` inflate to; whether it was remembered.
    fn is_known(memory: &Inflated, deflated: &[u8], plain: &[u8]) -> bool {
        let got = memory.get(deflated, || Ok::<_, ()>(plain.to_vec())).unwrap();
        assert_eq!(&*got, plain);
        assert_eq!((got.digest(), got.checksum()), (sm3::digest(plain), checksum(plain)));
        matches!(memory.get(deflated, || Err(())), Ok(Plain::Known(_)))
    }

    #[test]
    fn what_comes_again_is_remembered_and_what_differs_in_one_byte_is_not_taken_for_it() {
        let memory = Inflated::default();
        let deflated = [7; 200];
        assert!(!is_known(&memory, &deflated, b"plain"));
        assert!(is_known(&memory, &deflated, b"plain"));
        let mut other = deflated;
        other[100] = 8;
        assert!(!is_known(&memory, &other, b"other"));
        assert!(is_known(&memory, &other, b"other"), "two of one name take turns");
        assert!(!is_known(&memory, &[7; SMALLEST - 1], b"small") && !is_known(&memory, b"", b""));
    }

    #[test]
    fn memory_is_bounded() {
        let memory = Inflated::default();
        let plain = vec![0; LARGEST];
        for i in 0..40_u8 {
            let deflated = [i; 300];
            is_known(&memory, &deflated, &plain);
            assert!(is_known(&memory, &deflated, &plain));
            assert!(!is_known(&memory, &[i; 400], &vec![0; LARGEST + 1]));
            assert!(memory.lock().size <= SIZE);
        }
        assert!(memory.lock().known.len() < 17);
    }
}
