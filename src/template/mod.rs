//! The layout language: source text to syntax trees with spans.
//!
//! In: a layout's file and the files it names, all within its folder. Out: [`Layout`], the trees of the layout and of those it
//! extends, checked against the [`vocabulary`]. What the values mean is for [`compile`](crate::compile).
//! Invariant: a tree holds nothing that the vocabulary does not know, and every part of it knows where it was written.

pub mod path_data;
pub mod report;
pub mod source;
pub mod tree;
pub mod value;
pub mod vocabulary;

mod layout;
mod parse;
mod xsd;

pub use layout::{Files, Layout, LayoutFile};
pub(crate) use parse::{element_span, malformed};
pub use source::Asked;
pub use xsd::xsd;
