//! (pdf)
