//! Bytes that stand in more than one file, or are digested with others: font files, photographs, attachments, parts of a package.
//!
//! In: bytes. Out: the same, with their digest and their deflated form. Invariant: either is worked out once, for whoever asks first;
//! digests also ahead of that, many together.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::crypto::sm3::{self, Digest, Message, Wanted};
use crate::deflate::{self, Effort};

/// Bytes that know their digest and their deflated form. Clones share everything.
#[derive(Clone)]
pub struct Shared(Arc<Inner>);

struct Inner {
    data: Vec<u8>,
    sm3: OnceLock<Digest>,
    deflated: OnceLock<Vec<u8>>,
}

impl Shared {
    /// Their SM3.
    pub fn sm3(&self) -> &Digest {
        self.0.sm3.get_or_init(|| sm3::digest(self))
    }

    /// What [`sm3::fill`] needs to digest them together with others.
    pub(crate) fn wanted(&self) -> Wanted<'_> {
        Wanted { message: Message::new(self), place: &self.0.sm3 }
    }

    /// The deflated bytes. The first `effort` counts: that of the bytes' one owner, who states the same to each writer.
    pub(crate) fn deflated(&self, effort: Effort) -> &[u8] {
        self.0.deflated.get_or_init(|| {
            let mut deflated = Vec::new();
            deflate::append(&mut deflated, self, effort);
            deflated
        })
    }

    /// Appends the bytes in the zlib format to `out`.
    pub(crate) fn append_zlib(&self, out: &mut Vec<u8>, effort: Effort) {
        deflate::in_zlib(out, self, |out| out.extend_from_slice(self.deflated(effort)));
    }
}

impl From<Vec<u8>> for Shared {
    fn from(data: Vec<u8>) -> Shared {
        Shared(Arc::new(Inner { data, sm3: OnceLock::new(), deflated: OnceLock::new() }))
    }
}

impl From<&[u8]> for Shared {
    fn from(data: &[u8]) -> Shared {
        Shared::from(data.to_vec())
    }
}

impl From<Arc<[u8]>> for Shared {
    fn from(data: Arc<[u8]>) -> Shared {
        Shared::from(data.to_vec())
    }
}

impl Deref for Shared {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0.data
    }
}

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Shared) -> bool {
        **self == **other
    }
}

impl Eq for Shared {}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_was_deflated_inflates_to_itself_however_it_was_asked_for() {
        let data: Vec<u8> = (0..5000_u32).flat_map(|n| (n * n / 7).to_be_bytes()).collect();
        let shared = Shared::from(data.clone());
        for effort in [Effort::Static, Effort::Record] {
            let (mut alone, mut together) = (Vec::new(), Vec::new());
            deflate::append_zlib(&mut alone, &data, effort);
            Shared::from(data.clone()).append_zlib(&mut together, effort);
            assert_eq!(alone, together);
            let mut inflated = Vec::new();
            flate2::read::ZlibDecoder::new(&alone[..]).read_to_end(&mut inflated).unwrap();
            assert!(inflated == data && alone.len() < data.len());
        }
        let first = shared.deflated(Effort::Record).to_vec();
        assert_eq!(shared.deflated(Effort::Static), first, "deflated once");
        assert_eq!(*shared.sm3(), sm3::digest(&data));
    }
}
