//! (crypto)
