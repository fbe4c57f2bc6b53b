//! (seal)
