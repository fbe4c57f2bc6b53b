//! How much a package may ask of its reader.

/// The most that is read, inflated and parsed of one package. The default holds every certificate with room to spare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries of the ZIP, folders included.
    pub entries: usize,
    /// Bytes of all parts, inflated.
    pub total: u64,
    /// Bytes of inflated parts that are held at once, the small ones first; what is beyond can be digested and not read.
    pub held: u64,
    /// Bytes of one part, inflated.
    pub part: u64,
    /// How many bytes one deflated byte may become, beyond the first 64 KiB of a part.
    pub ratio: u64,
    /// Nesting of XML elements and of page blocks.
    pub depth: usize,
    /// Nodes of one XML part, and its attributes.
    pub nodes: u32,
    /// Glyphs and path steps of the whole document; a step counts twice.
    pub objects: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            entries: 4096,
            total: 96 << 20,
            held: 48 << 20,
            part: 64 << 20,
            ratio: 200,
            depth: 64,
            nodes: 400_000,
            objects: 2_000_000,
        }
    }
}
