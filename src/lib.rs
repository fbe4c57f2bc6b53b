//! certpress: declarative certificate layouts to sealed OFD (GB/T 33190-2016) and PDF.
//!
//! The layout is compiled once; a certificate costs only its own bytes. The way of a certificate:
//!
//! 1. [`template`] parses `layout.xml` into a syntax tree, every node with its place in the source;
//! 2. [`compile`] resolves, checks and binds it into a program, or tells all its mistakes at once;
//! 3. [`press`] sets what the layout alone determines, or tells all that cannot be set, and is then shared by all threads;
//! 4. [`record`] reads records and binds their values to the layout's fields, by the rules of [`licence`];
//! 5. [`layout`] sets a record with [`text`] and [`mark`]: out comes a [`page::Document`] with nothing left to decide;
//! 6. [`ofd`] and [`pdf`] translate it, and hand out a digest;
//! 7. [`seal`] has it signed (by [`crypto`], or by a signer elsewhere), and the writers close their files;
//! 8. [`batch`] does steps 4 to 7 for many records on all cores, with one press, or with an [`office`] that has one for each kind
//!    and issuer of a catalogue;
//! 9. [`verify`] reads a certificate back, with the readers alone, and tells what of it holds;
//!    [`inspect`] explains the file itself, and judges nothing;
//! 10. [`convert`] makes a PDF or pictures of a sealed original, which say that they are none;
//! 11. [`proof`] judges a layout before anything is issued, and [`png`] draws what it would issue.
//!
//! ```
//! use std::sync::Arc;
//! use certpress::{Fonts, Layout, Record, Sealer};
//!
//! let fonts = Arc::new(Fonts::open("fonts".as_ref())?);
//! let press = Layout::open("layouts/title-senior.xml")?.compile(&fonts)?.with_seal(Sealer::demo()?)?;
//! let record = Record::new()
//!     .with("name", "欧阳样例").with("sex", "女").with("id_number", "999999199001011238")
//!     .with("unit", "样例省样例市测绘院（虚构）").with("series", "工程").with("speciality", "测绘")
//!     .with("title", "高级工程师").with("level", "副高级").with("committee", "样例省工程系列高级评审委员会")
//!     .with("issued_on", "2026-03-05").with("number", "样例20260001")
//!     .with("identifier", "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2")
//!     .with("issuer", "样例省人力资源和社会保障厅").with("issuer_code", "11140000MB99999996")
//!     .with("provider", "样例省人事考试中心").with("approver", "样例").with("approval", "样人社〔2026〕1号");
//! let certificate = press.render(&record)?;
//! assert!(certificate.ofd().is_some() && certificate.pdf().is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod batch;
pub mod color;
pub mod compile;
pub mod convert;
pub mod crypto;
mod decimal;
mod deflate;
pub mod diag;
pub mod error;
pub mod geom;
mod inflated;
pub mod inspect;
pub mod layout;
pub mod licence;
pub mod mark;
pub mod ofd;
pub mod office;
pub mod page;
pub mod pdf;
pub mod png;
pub mod press;
pub mod proof;
pub mod record;
#[cfg(test)]
mod rooms;
pub mod seal;
pub mod shared;
pub mod template;
pub mod text;
pub mod unit;
pub mod verify;

pub use compile::Edition;
pub use error::{PressError, RenderError};
pub use office::Office;
pub use press::{Certificate, Press, RenderOptions};
pub use record::Record;
pub use seal::{Sealer, Seals};
pub use template::Layout;
pub use text::Fonts;

/// The examples of the documents are compiled and run with the documentation tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/platforms.md")]
    struct Platforms;
}
