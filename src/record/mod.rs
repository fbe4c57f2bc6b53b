//! Records: read row by row, bound to a layout's fields, or refused with everything that is wrong with them.
//!
//! In: CSV (RFC 4180; UTF-8 or GB 18030), JSON Lines or XLSX (ISO/IEC 29500) files, or [`Record`]s made by the caller.
//! Out: an [`Entry`] of typed [`Value`]s by field index, lists as rows of values, or [`FieldError`]s.
//! Invariant: one bad row never stops the next, and no input makes memory grow beyond one row, its lists and its images.

mod bind;
mod entry;
mod error;
mod image;
pub mod json_schema;
mod parse;
mod raw;
mod read;
mod rows;
mod schema;
mod unknown;

pub use bind::BindOptions;
pub use entry::{Entry, Value};
pub use error::{FieldError, FieldWarning};
pub use image::{ImageError, ImageRoot};
pub use raw::{RawValue, Record};
pub use read::{ReadError, Records, open};
pub use schema::{Field, FieldKind, Schema};
pub use unknown::UnknownName;
