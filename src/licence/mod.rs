//! The rules of electronic licences (电子证照): codes and their check characters, running numbers, names, dates, masks.
//!
//! In: text from records. Out: a verdict, and the text as it should be written. GB 32100 (unified social credit code),
//! GB 11643 (resident identity number), GB/T 36904 (licence identifier), GB/T 36903 (metadata), GB 18030 (characters).
//! Invariant: nothing here knows of layouts or pages, and nothing depends on the day it runs; `serial` alone keeps a file.

pub mod catalogue;
pub mod code;
pub mod date;
pub mod fold;
pub mod identifier;
pub mod mask;
pub mod metadata;
pub mod name;
pub mod numbering;
pub mod pua;
pub mod reissue;
pub mod resident_id;
pub mod serial;
pub mod uscc;
