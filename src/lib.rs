//! certpress: declarative certificate layouts to sealed OFD and PDF.

pub mod batch;
pub mod color;
pub mod compile;
pub mod crypto;
pub mod diag;
pub mod geom;
pub mod licence;
pub mod mark;
pub mod ofd;
pub mod page;
pub mod pdf;
pub mod record;
pub mod template;
pub mod seal;
pub mod text;
pub mod unit;
