//! What hostile bytes are fed to, and the mutator that packs an OFD again so that mutations get past its checksums.

pub mod drive;
pub mod repack;

/// A fuzz target that feeds each input to a function of [`drive`].
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| $crate::drive::$name(bytes));
    };
}
