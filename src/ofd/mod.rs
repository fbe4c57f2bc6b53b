//! (ofd)
