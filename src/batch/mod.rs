//! Batches: records in, files and a report out.

pub mod name;
pub mod report;
pub mod sink;
mod window;
