//! How much a PDF may ask of its reader.

/// The most that is read, inflated and parsed of one file. The default holds every certificate with room to spare, and keeps the reader
/// within 256 MB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all streams that are looked into, inflated.
    pub inflated: u64,
    /// Bytes of one such stream, inflated.
    pub stream: u64,
    /// Objects, numbers and strings that are parsed, those of all readings together.
    pub items: u64,
    /// Items of one object.
    pub items_at_once: u64,
    /// Entries of all cross-reference sections, and with them objects.
    pub entries: usize,
    /// Steps of all outlines that are filled on the pages.
    pub steps: u64,
    /// Bytes of the pages' text.
    pub text: u64,
    /// Signatures.
    pub signatures: usize,
    /// Revisions.
    pub revisions: usize,
    /// Pages.
    pub pages: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            inflated: 96 << 20,
            stream: 64 << 20,
            items: 24_000_000,
            items_at_once: 400_000,
            entries: 150_000,
            steps: 1_000_000,
            text: 16 << 20,
            signatures: 64,
            revisions: 512,
            pages: 20_000,
        }
    }
}
