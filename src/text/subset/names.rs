//! The names of a subset.
//!
//! In: a face's names and a digest of what the subset holds. Out: tagged names and the `name` table (OpenType 1.9; the form of
//! the tag is that of ISO 32000-1, 9.6.4).

/// Six capital letters from a digest.
pub(super) fn tag(mut digest: u64) -> String {
    let mut tag = String::with_capacity(6);
    for _ in 0..6 {
        tag.push(char::from(b'A' + (digest % 26) as u8));
        digest /= 26;
    }
    tag
}

/// FNV-1a over 64 bits: small, and not open to attack, since equal tags could only confuse a cache.
pub(super) struct Digest(u64);

impl Digest {
    pub(super) const fn new() -> Digest {
        Digest(0xcbf2_9ce4_8422_2325)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// The digest, with its high bits folded in: FNV's low bits alone mix poorly.
    pub(super) const fn finish(&self) -> u64 {
        let folded = self.0 ^ (self.0 >> 32);
        folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16
    }
}

/// Appends the `name` table: Windows, Unicode, US English.
pub(super) fn write(family: &str, bold: bool, postscript: &str, out: &mut Vec<u8>) {
    let names: [(u16, &str); 5] = [
        (1, family),
        (2, if bold { "Bold" } else { "Regular" }),
        (3, postscript),
        (4, postscript),
        (6, postscript),
    ];
    let storage_at = 6 + 12 * names.len() as u16;
    let mut storage: Vec<u8> = Vec::with_capacity(256);
    let mut put = |n: u16| out.extend_from_slice(&n.to_be_bytes());
    [0, names.len() as u16, storage_at].into_iter().for_each(&mut put);
    for (id, text) in names {
        let offset = storage.len() as u16;
        storage.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        let length = storage.len() as u16 - offset;
        [3, 1, 0x0409, id, length, offset].into_iter().for_each(&mut put);
    }
    out.extend_from_slice(&storage);
}
