//! (licence)
