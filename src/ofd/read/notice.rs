//! What is odd about a package, worth telling, and no reason to refuse it.

/// Something odd.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Notice {
    /// A location whose part has the name in other case, as systems with such file names take for the same.
    Case {
        /// The part that names it.
        part: String,
        /// The name as it stands there, from the root.
        name: String,
        /// The name of the part that was taken for it.
        found: String,
    },
    /// A part in the namespace that early producers wrote.
    Namespace {
        /// The part.
        part: String,
        /// Its namespace.
        found: String,
    },
}
