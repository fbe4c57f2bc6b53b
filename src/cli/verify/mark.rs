//! `certpress verify --qr`: the signed mark of a paper print.

use std::fs;
use std::path::Path;

use serde_json::json;

use certpress::mark;
use certpress::verify::{self, Policy, Verdict};

use super::{UNDECIDED, people};
use crate::cli::failure::{self, Failure};
use crate::cli::language::Language;
use crate::cli::terminal::say;
use crate::cli::{ALL_DONE, SOME_FAILED};

/// The bytes of one picture.
const MAX_PICTURE: u64 = 64 << 20;
/// What a signed payload begins with.
const PREFIX: &str = "CPQR1:";

/// Answers for the text, or for every mark on the picture; in JSON where no language is given.
pub(super) fn run(
    text_or_image: &str,
    policy: &Policy,
    language: Option<Language>,
    all: bool,
) -> Result<u8, Failure> {
    let texts = texts(text_or_image)?;
    let (mut worst, mut all_in_force) = (Verdict::Valid, true);
    for text in &texts {
        let report = verify::mark(text, policy);
        worst = worst.max(report.verdict);
        all_in_force &= report.is_in_force;
        match language {
            Some(language) => say(&people::mark_block(text, &report, language, all))?,
            None => say(&json!({ "mark": text, "report": report }).to_string())?,
        }
    }
    Ok(match worst {
        Verdict::Valid if all_in_force => ALL_DONE,
        Verdict::Indeterminate if all_in_force => UNDECIDED,
        _ => SOME_FAILED,
    })
}

/// The text itself, or those of the marks on the picture of this name.
fn texts(text_or_image: &str) -> Result<Vec<String>, Failure> {
    let path = Path::new(text_or_image);
    let is_file = fs::metadata(path).is_ok();
    // Other versions and addresses have a colon too, and are no signed marks.
    if text_or_image.starts_with(PREFIX) || !is_file && text_or_image.contains(':') {
        return Ok(vec![text_or_image.to_owned()]);
    }
    if !is_file {
        let hint = "give what the mark says, which begins with CPQR1:, or a JPEG or PNG of it";
        return Err(Failure::new(format!("neither a signed mark nor a file: {text_or_image}"), hint));
    }
    let bytes = failure::read(path, MAX_PICTURE)?;
    let hint = "give a sharp JPEG or PNG with the whole mark on it, its white margin included";
    let texts =
        mark::scan(&bytes).map_err(|e| Failure::new(format!("the picture {} {e}", path.display()), hint))?;
    if texts.is_empty() {
        return Err(Failure::new(format!("no mark can be read on {}", path.display()), hint));
    }
    Ok(texts)
}
