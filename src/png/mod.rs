//! (png)
