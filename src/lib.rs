//! certpress: declarative certificate layouts to sealed OFD and PDF.

pub mod batch;
pub mod color;
pub mod compile;
pub mod crypto;
pub mod diag;
pub mod error;
pub mod geom;
pub mod layout;
pub mod licence;
pub mod mark;
pub mod ofd;
pub mod page;
pub mod pdf;
pub mod png;
pub mod press;
pub mod record;
pub mod seal;
pub mod template;
pub mod text;
pub mod unit;

pub use error::{PressError, RenderError};
pub use press::{Certificate, Press, RenderOptions};
pub use record::Record;
pub use seal::Sealer;
pub use template::Layout;
pub use text::Fonts;
